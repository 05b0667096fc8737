#include "sigstore/base/result.h"

namespace sigstore {

const char* name(Code code) {
  switch (code) {
    case Code::invalid_argument:
      return "invalid_argument";
    case Code::malformed:
      return "malformed";
    case Code::not_found:
      return "not_found";
    case Code::not_mine:
      return "not_mine";
    case Code::unauthorized:
      return "unauthorized";
    case Code::forbidden:
      return "forbidden";
    case Code::conflict:
      return "conflict";
    case Code::unsupported:
      return "unsupported";
    case Code::mismatch:
      return "mismatch";
    case Code::bad_signature:
      return "bad_signature";
    case Code::wrong_password:
      return "wrong_password";
    case Code::too_large:
      return "too_large";
    case Code::timeout:
      return "timeout";
    case Code::unreachable:
      return "unreachable";
    case Code::unavailable:
      return "unavailable";
    case Code::tls:
      return "tls";
    case Code::io:
      return "io";
    case Code::disk_full:
      return "disk_full";
    case Code::cancelled:
      return "cancelled";
    case Code::declined:
      return "declined";
    case Code::internal:
      return "internal";
  }
  return "internal";
}

Error Error::wrap(std::string what) const {
  return Error{code, std::move(what), text(), hint};
}

Error Error::with_hint(std::string text) const {
  Error copy = *this;
  copy.hint = std::move(text);
  return copy;
}

std::string Error::text() const {
  return cause.empty() ? message : message + ": " + cause;
}

std::unexpected<Error> fail(Code code, std::string message, std::string cause, std::string hint) {
  return std::unexpected(Error{code, std::move(message), std::move(cause), std::move(hint)});
}

}  // namespace sigstore
