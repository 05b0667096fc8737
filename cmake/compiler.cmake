# Warnings, hardening, sanitizers. One interface target that every room uses.
add_library(house_flags INTERFACE)
target_compile_options(house_flags INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wimplicit-fallthrough -Wno-missing-field-initializers
                       -fno-strict-aliasing -fstack-protector-strong -ffunction-sections -fdata-sections)
target_link_options(house_flags INTERFACE -Wl,--gc-sections)
target_include_directories(house_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
if(COSIGN_SANITIZE)
  target_compile_options(house_flags INTERFACE -fsanitize=${COSIGN_SANITIZE} -fno-sanitize-recover=all
                         -fno-omit-frame-pointer -g1)
  target_link_options(house_flags INTERFACE -fsanitize=${COSIGN_SANITIZE})
  set(COSIGN_STATIC OFF)
else()
  target_compile_definitions(house_flags INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
endif()
if(COSIGN_FUZZ)
  target_compile_options(house_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
# Small: a quarter of the file, and most of the program waits for disks and networks. Rooms that are FAST compute.
string(REPLACE "-O3" "-Os" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# The same bytes wherever the tree stands; unit tests name their data by its full path all the same.
target_compile_options(house_flags INTERFACE -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
set(CMAKE_CXX_FLAGS_SANITIZE "-O1")
set(CMAKE_C_FLAGS_SANITIZE "-O1")
