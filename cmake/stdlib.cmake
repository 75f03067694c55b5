# The macros of src/stdlib/*.bt become constants of the program.
file(GLOB stdlib_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/stdlib/*.bt)
set(stdlib_source ${CMAKE_BINARY_DIR}/stdlib/files.cpp)
set(stdlib_rows "")
foreach(file ${stdlib_files})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  get_filename_component(name ${file} NAME)
  file(READ ${file} text)
  string(APPEND stdlib_rows "    {\"${name}\", R\"bt(${text})bt\"},\n")
endforeach()
file(CONFIGURE OUTPUT ${stdlib_source} @ONLY CONTENT
"#include \"frontend/stdlib_files.h\"

namespace gimlet::frontend {

std::span<const File> files() {
  static constexpr File kFiles[] = {
@stdlib_rows@  };
  return kFiles;
}

}  // namespace gimlet::frontend
")
target_sources(gimlet_frontend PRIVATE ${stdlib_source})
