#include "sigstore/store/artifact_store.h"

namespace sigstore::store {

std::string_view name(Format format) {
  switch (format) {
    case Format::simple_signing:
      return "sig";
    case Format::envelope:
      return "att";
    case Format::bundle:
      break;
  }
  return "bundle";
}

bool is_lookup_failure(Code code) {
  switch (code) {
    case Code::unauthorized:
    case Code::forbidden:
    case Code::timeout:
    case Code::unreachable:
    case Code::unavailable:
    case Code::tls:
    case Code::cancelled:
      return true;
    default:
      return false;
  }
}

}  // namespace sigstore::store
