# The scanner and the parser, generated into the build folder and compiled with src/parser. The
# reduce/reduce conflicts are explained in the grammar; scripts/check-structure counts them.
set(generated ${CMAKE_BINARY_DIR}/grammar)
file(MAKE_DIRECTORY ${generated})
bison_target(gimlet_grammar ${CMAKE_SOURCE_DIR}/grammar/parser.yy ${generated}/parser.cpp
             DEFINES_FILE ${generated}/parser.h COMPILE_FLAGS "-Werror=all -Wno-conflicts-rr")
flex_target(gimlet_lexer ${CMAKE_SOURCE_DIR}/grammar/lexer.l ${generated}/lexer.cpp
            DEFINES_FILE ${generated}/lexer.h)
add_flex_bison_dependency(gimlet_lexer gimlet_grammar)
target_sources(gimlet_parser PRIVATE ${BISON_gimlet_grammar_OUTPUTS} ${FLEX_gimlet_lexer_OUTPUTS})
target_include_directories(gimlet_parser PRIVATE ${generated})
