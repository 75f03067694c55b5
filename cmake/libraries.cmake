# The libraries that gimlet is linked with, as targets gimlet_NAME.
#
# Archives by default: each shared library that a process maps costs it a third of a millisecond and
# ten page faults before main() runs, and gimlet would map seventeen of them (figures in
# docs/architecture.md). Where an archive is not installed, its shared library takes its place. The C
# library stays shared, since name services have to be loaded at run time.
include(CheckLinkerFlag)
pkg_check_modules(LIBBPF REQUIRED IMPORTED_TARGET libbpf>=1.4)
pkg_check_modules(LIBELF REQUIRED IMPORTED_TARGET libelf)
pkg_check_modules(LIBDW REQUIRED IMPORTED_TARGET libdw)
pkg_check_modules(LIBEDIT REQUIRED IMPORTED_TARGET libedit)
find_package(fmt REQUIRED)

# Only what is linked from archives alone may have the C++ library in itself: two copies of it in one
# process would not know each other's exceptions.
set(static_runtime ${GIMLET_STATIC_LIBRARIES})
if(GIMLET_SANITIZE)
  set(static_runtime OFF)  # the sanitizers watch the shared one
endif()

# gimlet_library(NAME MODULE ARCHIVE...): gimlet_NAME, of the pkg-config module MODULE. The archives
# are its own and those of what it uses.
function(gimlet_library name module)
  add_library(gimlet_${name} INTERFACE)
  set(archives)
  foreach(archive ${ARGN})
    find_library(ARCHIVE_${archive} NAMES lib${archive}.a)
    list(APPEND archives ${ARCHIVE_${archive}})
  endforeach()
  if(GIMLET_STATIC_LIBRARIES AND NOT "${archives}" MATCHES "NOTFOUND")
    target_include_directories(gimlet_${name} SYSTEM INTERFACE ${${module}_INCLUDE_DIRS})
    target_link_libraries(gimlet_${name} INTERFACE ${archives})
  else()
    target_link_libraries(gimlet_${name} INTERFACE PkgConfig::${module})
  endif()
endfunction()

gimlet_library(elf LIBELF elf z)
gimlet_library(bpf LIBBPF bpf elf z)
gimlet_library(dw LIBDW dw elf z lzma bz2)
gimlet_library(edit LIBEDIT edit tinfo bsd md)

# Debian has no archive of fmt, but its headers hold the definitions.
if(GIMLET_STATIC_LIBRARIES AND fmt_VERSION VERSION_LESS 10)
  add_library(gimlet_fmt STATIC ${CMAKE_SOURCE_DIR}/cmake/fmt_definitions.cpp)
  foreach(kind COMPILE_DEFINITIONS INCLUDE_DIRECTORIES)
    set_property(TARGET gimlet_fmt PROPERTY INTERFACE_${kind}
                 $<TARGET_PROPERTY:fmt::fmt,INTERFACE_${kind}>)
  endforeach()
else()
  add_library(gimlet_fmt INTERFACE)
  target_link_libraries(gimlet_fmt INTERFACE fmt::fmt)
  set(static_runtime OFF)
endif()

# For executables: no section and no library that nothing refers to.
add_library(gimlet_linking INTERFACE)
target_link_options(gimlet_linking INTERFACE -Wl,--gc-sections -Wl,--as-needed)
if(static_runtime)
  target_link_options(gimlet_linking INTERFACE -static-libstdc++ -static-libgcc)
endif()
# LLVM's tables of pointers are most of what the loader has to relocate at the start.
check_linker_flag(CXX -Wl,-z,pack-relative-relocs HAVE_PACKED_RELOCATIONS)
if(HAVE_PACKED_RELOCATIONS)
  target_link_options(gimlet_linking INTERFACE -Wl,-z,pack-relative-relocs)
endif()
