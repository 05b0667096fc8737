# The installed library: sigstore::verify and sigstore::registry. See cmake/package.cmake of the sources.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
get_filename_component(sigstore_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

# sigstore_archive(NAME...): the static archives of Debian's that are linked, as paths in sigstore_archives.
function(sigstore_archive)
  foreach(name ${ARGN})
    find_library(sigstore_${name}_archive NAMES lib${name}.a REQUIRED)
    list(APPEND archives ${sigstore_${name}_archive})
  endforeach()
  set(sigstore_archives ${archives} PARENT_SCOPE)
endfunction()

if(NOT TARGET sigstore::verify)
  add_library(sigstore::verify STATIC IMPORTED)
  sigstore_archive(boost_json re2 sodium crypto crypt)
  set_target_properties(sigstore::verify PROPERTIES
    IMPORTED_LOCATION ${sigstore_prefix}/lib/libsigstore_verify.a
    INTERFACE_INCLUDE_DIRECTORIES ${sigstore_prefix}/include
    INTERFACE_COMPILE_FEATURES cxx_std_23
    INTERFACE_LINK_LIBRARIES "${sigstore_archives};Threads::Threads;${CMAKE_DL_LIBS}")
endif()
set(sigstore_verify_FOUND TRUE)

if("registry" IN_LIST sigstore_FIND_COMPONENTS AND NOT TARGET sigstore::registry)
  add_library(sigstore::registry STATIC IMPORTED)
  sigstore_archive(ssl crypto nghttp2 z)  # crypto again: what uses an archive stands before it
  set_target_properties(sigstore::registry PROPERTIES
    IMPORTED_LOCATION ${sigstore_prefix}/lib/libsigstore_registry.a
    INTERFACE_LINK_LIBRARIES "sigstore::verify;${sigstore_prefix}/lib/sigstore/libcurl.a;${sigstore_archives}")
  set(sigstore_registry_FOUND TRUE)
endif()

foreach(component ${sigstore_FIND_COMPONENTS})
  if(NOT sigstore_${component}_FOUND)
    set(sigstore_FOUND FALSE)
    set(sigstore_NOT_FOUND_MESSAGE "no such component: ${component} (there are verify and registry)")
  endif()
endforeach()
