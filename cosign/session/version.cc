#include "cosign/session/version.h"

#include <session_revision.h>

namespace cosign {
namespace {

#if defined(__clang__)
constexpr const char* compiler = "clang " __clang_version__;
#else
constexpr const char* compiler = "gcc " __VERSION__;
#endif

#if defined(__x86_64__)
constexpr const char* architecture = "amd64";
#elif defined(__aarch64__)
constexpr const char* architecture = "arm64";
#else
#error "an architecture without a name in OCI platforms"
#endif

}  // namespace

Version version() {
  return {COSIGN_COMPATIBLE_LEVEL,
          COSIGN_CPP_NUMBER,
          COSIGN_COMMIT,
          COSIGN_TREE_STATE,
          COSIGN_BUILD_DATE,
          compiler,
          std::string("linux/") + architecture};
}

std::string user_agent() {
  const Version own = version();
  return "cosign/" + own.full() + " (linux; " + architecture + ") cosign-cpp/" + own.number;
}

}  // namespace cosign
