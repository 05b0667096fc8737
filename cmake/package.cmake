# The library as a CMake package, with components:
#
#   find_package(sigstore REQUIRED COMPONENTS verify registry)
#   target_link_libraries(app PRIVATE sigstore::verify)     parse and judge with a key; no network
#   target_link_libraries(app PRIVATE sigstore::registry)   the registry client and what is stored there
#
# Each component is one static archive; the headers are those of its rooms, without internal/ and testing/.

set(SIGSTORE_VERIFY base codec codec_regex crypto crypto_x509 timestamp oci tlog trust payload keyset bundle verify)
set(SIGSTORE_REGISTRY base_system content net net_curl remote_registry store store_tag store_referrers credentials_flags
    credentials_helper credentials_docker credentials_podman credentials_keychain)

function(component name)
  set(objects "")
  foreach(room ${ARGN})
    get_target_property(type room_${room} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
      list(APPEND objects $<TARGET_OBJECTS:room_${room}>)
    endif()
    get_target_property(folder room_${room} SOURCE_DIR)
    file(RELATIVE_PATH below ${CMAKE_SOURCE_DIR} ${folder})
    file(GLOB headers CONFIGURE_DEPENDS ${folder}/*.h)
    list(FILTER headers EXCLUDE REGEX "_internal\\.h$")
    install(FILES ${headers} DESTINATION include/${below} COMPONENT library)
  endforeach()
  add_library(sigstore_${name} STATIC ${objects})
  set_target_properties(sigstore_${name} PROPERTIES LINKER_LANGUAGE CXX ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
  install(TARGETS sigstore_${name} ARCHIVE DESTINATION lib COMPONENT library)
endfunction()

component(verify ${SIGSTORE_VERIFY})
component(registry ${SIGSTORE_REGISTRY})

include(CMakePackageConfigHelpers)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/sigstore-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/sigstore-config.cmake ${CMAKE_BINARY_DIR}/sigstore-config-version.cmake
        DESTINATION lib/cmake/sigstore COMPONENT library)
install(FILES ${COSIGN_CURL_ROOT}/lib/libcurl.a DESTINATION lib/sigstore COMPONENT library)
install(FILES ${COSIGN_CURL_ROOT}/COPYING DESTINATION lib/sigstore RENAME libcurl.COPYING COMPONENT library)
