# gimlet_llvm: LLVM with only the BPF target. Static by default: the process starts in half the time
# of one that maps the shared library (see docs/architecture.md).
find_program(LLVM_CONFIG NAMES llvm-config-19 llvm-config-20 llvm-config-21 llvm-config REQUIRED)

function(llvm_config out)
  execute_process(COMMAND ${LLVM_CONFIG} ${ARGN} OUTPUT_VARIABLE text OUTPUT_STRIP_TRAILING_WHITESPACE
                  COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(text UNIX_COMMAND "${text}")
  set(${out} ${text} PARENT_SCOPE)
endfunction()

llvm_config(LLVM_INCLUDE --includedir)
llvm_config(LLVM_LIBDIR --libdir)
if(GIMLET_SHARED_LLVM)
  llvm_config(LLVM_LIBRARIES --link-shared --libs)
else()
  llvm_config(LLVM_LIBRARIES --link-static --libs bpf passes --system-libs)
  # Of the system's libraries these two are used; the linker drops the others.
  foreach(name z zstd)
    find_library(ARCHIVE_${name} NAMES lib${name}.a)
    if(GIMLET_STATIC_LIBRARIES AND ARCHIVE_${name})
      list(TRANSFORM LLVM_LIBRARIES REPLACE "^-l${name}$" "${ARCHIVE_${name}}")
    endif()
  endforeach()
endif()

add_library(gimlet_llvm INTERFACE)
target_include_directories(gimlet_llvm SYSTEM INTERFACE ${LLVM_INCLUDE})
target_link_directories(gimlet_llvm INTERFACE ${LLVM_LIBDIR})
target_link_libraries(gimlet_llvm INTERFACE ${LLVM_LIBRARIES})
