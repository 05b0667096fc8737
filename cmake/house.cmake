# The house: a folder is a room. Three lines declare one:
#
#   room(NAME [THREADED] [USES room...] [LIBS third-party...])
#
# makes the static library room_NAME of all *.cc in this folder, and by suffix:
#   *_test.cc   one unit test program per room, NAME_test, registered with ctest (label unit)
#   *_fuzz.cc   one fuzz target each: libFuzzer under COSIGN_FUZZ; else its corpus testdata/fuzz/STEM runs as a test
#   *_bench.cc  one micro-benchmark each, under COSIGN_BENCH
# THREADED: the room starts threads or is called from several; its unit tests also run under TSan.
#
#   leaves(TABLE NAMESPACE ns TYPE T HEADER h)
#
# generates room_TABLE: a table of the folders below this one, each of which defines
# `std::unique_ptr<T> make_FOLDER()` in `ns`. A new leaf is a new folder and no other edit.

set(HOUSE_THREADED base base_system carry crypto_x509 net net_curl net_server remote_registry store_tag store_referrers sign check session
    server_host server_registry)
# Compiled for speed, where the rest is compiled for size.
set(HOUSE_FAST base codec net net_server server_registry)
set(HOUSE_RESULTS ${CMAKE_BINARY_DIR}/results)
file(MAKE_DIRECTORY ${HOUSE_RESULTS})
add_custom_target(threaded_tests)  # the unit tests of rooms that are THREADED: what runs under TSan
if(COSIGN_TESTS)
  find_library(GTEST_LIB NAMES libgtest.a REQUIRED)
  find_library(GTEST_MAIN_LIB NAMES libgtest_main.a REQUIRED)
  # GoogleTest and what it includes, compiled once for all unit tests.
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/house_pch.cc CONTENT "")
  add_library(house_pch OBJECT ${CMAKE_BINARY_DIR}/generated/house_pch.cc)
  target_link_libraries(house_pch PRIVATE house_flags)
  # Tests are compiled more often than they run: not optimised, which takes half the time.
  set(HOUSE_TEST_FLAGS -O0 -U_FORTIFY_SOURCE)
  target_compile_options(house_pch PRIVATE ${HOUSE_TEST_FLAGS})
  target_precompile_headers(house_pch PRIVATE <gtest/gtest.h> <string> <vector> <map> <optional> <functional>)
endif()

function(room name)
  cmake_parse_arguments(arg "THREADED" "" "USES;TEST_USES;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(fuzzers ${sources})
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")
  set(benches ${sources})
  list(FILTER benches INCLUDE REGEX "_bench\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz|bench|main)\\.cc$")

  set(links house_flags)
  foreach(used ${arg_USES})
    list(APPEND links room_${used})
  endforeach()
  foreach(lib ${arg_LIBS})
    list(APPEND links third_${lib})
  endforeach()
  if(sources)
    add_library(room_${name} STATIC ${sources})
    target_link_libraries(room_${name} PUBLIC ${links})
    if(${name} IN_LIST HOUSE_FAST)
      target_compile_options(room_${name} PRIVATE $<$<CONFIG:Release>:-O2>)
    endif()
  else()
    add_library(room_${name} INTERFACE)
    target_link_libraries(room_${name} INTERFACE ${links})
  endif()

  if(COSIGN_TESTS AND tests)
    house_unit_test(${name}_test room_${name} ${tests})
    foreach(used ${arg_TEST_USES})
      target_link_libraries(${name}_test PRIVATE room_${used})
    endforeach()
    if(arg_THREADED OR ${name} IN_LIST HOUSE_THREADED)
      add_dependencies(threaded_tests ${name}_test)
      set_property(TEST unit.${name}_test APPEND PROPERTY LABELS threads)
    endif()
  endif()
  foreach(fuzzer ${fuzzers})
    house_fuzzer(${fuzzer} room_${name})
  endforeach()
  if(COSIGN_BENCH)
    foreach(bench ${benches})
      get_filename_component(stem ${bench} NAME_WE)
      add_executable(${name}_${stem} ${bench})
      target_link_libraries(${name}_${stem} PRIVATE room_${name})
    endforeach()
  endif()
endfunction()

function(house_unit_test target library)
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE ${library} room_base_testing ${GTEST_MAIN_LIB} ${GTEST_LIB} Threads::Threads)
  target_compile_definitions(${target} PRIVATE
    TESTDATA="${CMAKE_CURRENT_SOURCE_DIR}/testdata" SOURCE_ROOT="${CMAKE_SOURCE_DIR}")
  target_compile_options(${target} PRIVATE ${HOUSE_TEST_FLAGS})
  target_precompile_headers(${target} REUSE_FROM house_pch)
  add_test(NAME unit.${target} COMMAND ${target} --gtest_brief=1 --gtest_output=json:${HOUSE_RESULTS}/${target}.json)
  set_tests_properties(unit.${target} PROPERTIES LABELS unit TIMEOUT 300)
endfunction()

function(house_fuzzer source library)
  get_filename_component(stem ${source} NAME_WE)
  if(COSIGN_FUZZ)
    add_executable(fuzz_${stem} ${source})
    target_link_options(fuzz_${stem} PRIVATE -fsanitize=fuzzer)
  elseif(COSIGN_TESTS)
    add_executable(fuzz_${stem} ${source} ${CMAKE_SOURCE_DIR}/tools/fuzz_replay.cc)
    add_test(NAME fuzz.${stem} COMMAND fuzz_${stem} ${CMAKE_CURRENT_SOURCE_DIR}/testdata/fuzz/${stem})
    set_tests_properties(fuzz.${stem} PROPERTIES LABELS unit TIMEOUT 300)
  else()
    return()
  endif()
  target_link_libraries(fuzz_${stem} PRIVATE ${library})
  set_property(GLOBAL APPEND_STRING PROPERTY HOUSE_FUZZERS
    "${CMAKE_CURRENT_BINARY_DIR}/fuzz_${stem} ${CMAKE_CURRENT_SOURCE_DIR}/testdata/fuzz/${stem}\n")
  get_property(list GLOBAL PROPERTY HOUSE_FUZZERS)
  file(WRITE ${CMAKE_BINARY_DIR}/fuzzers.txt "${list}")
endfunction()

# A program of the product: static when COSIGN_STATIC is on. DYNAMIC: it needs glibc, which opens shared libraries for
# it, and nothing else.
function(program target)
  cmake_parse_arguments(arg "DYNAMIC" "OUTPUT" "SOURCES;USES" ${ARGN})
  add_executable(${target} ${arg_SOURCES})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${arg_OUTPUT} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  target_link_libraries(${target} PRIVATE house_flags)
  foreach(used ${arg_USES})
    target_link_libraries(${target} PRIVATE room_${used})
  endforeach()
  if(COSIGN_STATIC AND arg_DYNAMIC)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc -Wl,-z,relro,-z,now)
  elseif(COSIGN_STATIC)
    target_link_options(${target} PRIVATE -static)
  endif()
endfunction()

function(leaf_identifier folder out)
  string(REPLACE "-" "_" identifier ${folder})
  set(${out} ${identifier} PARENT_SCOPE)
endfunction()

function(leaves table)
  cmake_parse_arguments(arg "" "NAMESPACE;TYPE;HEADER;PREFIX" "LAST" ${ARGN})
  file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} */CMakeLists.txt)
  list(SORT folders)
  set(declarations "")
  set(entries "")
  set(links "")
  set(last "")
  foreach(file ${folders})
    get_filename_component(folder ${file} DIRECTORY)
    leaf_identifier(${folder} id)
    string(APPEND declarations "std::unique_ptr<${arg_TYPE}> make_${id}();\n")
    set(entry_${folder} "  table.push_back(make_${id}());\n")
    if(NOT folder IN_LIST arg_LAST)
      string(APPEND entries "${entry_${folder}}")
    endif()
    list(APPEND links room_${arg_PREFIX}${id})
  endforeach()
  foreach(folder ${arg_LAST})  # in this order
    string(APPEND last "${entry_${folder}}")
  endforeach()
  set(generated ${CMAKE_BINARY_DIR}/generated/${table}.cc)
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT
"// Generated from the folders by leaves(); do not edit.
#include \"${arg_HEADER}\"

namespace ${arg_NAMESPACE} {
${declarations}
std::vector<std::unique_ptr<${arg_TYPE}>> make_${table}() {
  std::vector<std::unique_ptr<${arg_TYPE}>> table;
${entries}${last}  return table;
}
}  // namespace ${arg_NAMESPACE}
")
  add_library(room_${table} STATIC ${generated})
  target_link_libraries(room_${table} PUBLIC house_flags ${links})
endfunction()

# A text file as `std::string FUNCTION()` in a namespace (cosign, where none is given): a manual page beside a command,
# as `help_ID()`; the source is in `embedded_source`.
function(embed_text file function)
  set(namespace cosign)
  if(ARGC GREATER 2)
    set(namespace ${ARGV2})
  endif()
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${function}.cc)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} text)
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT
"// Generated from ${file}.
#include <string>
namespace ${namespace} {
std::string ${function}() { return R\"~~~~(@text@)~~~~\"; }
}  // namespace ${namespace}
")
  set(embedded_source ${generated} PARENT_SCOPE)
endfunction()

# One command of the program: its folder's name is its identifier.
function(command)
  cmake_parse_arguments(arg "" "" "USES;TEST_USES" ${ARGN})
  get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  leaf_identifier(${folder} id)
  room(command_${id} USES ${arg_USES} args options session ui TEST_USES ${arg_TEST_USES})
  embed_text(${CMAKE_CURRENT_SOURCE_DIR}/help.md help_${id})
  target_sources(room_command_${id} PRIVATE ${embedded_source})
endfunction()
