#include "server/registry/failure.h"

#include "sigstore/codec/json.h"

namespace server::registry {

using namespace sigstore;

namespace {

std::pair<int, std::string_view> status_of(Code code) {
  switch (code) {
    case Code::malformed:
    case Code::unreachable:
      return {400, "UNKNOWN"};
    case Code::mismatch:
      return {400, "DIGEST_INVALID"};
    case Code::timeout:
      return {408, "UNKNOWN"};
    case Code::too_large:
      return {413, "SIZE_INVALID"};
    case Code::disk_full:
      return {507, "STORAGE_FULL"};
    default:
      return {500, "UNKNOWN"};
  }
}

}  // namespace

Failure::Failure(const Error& error)
    : status(status_of(error.code).first),
      code(status_of(error.code).second),
      message(error.message),
      detail(error.cause) {
  if (status < 500) return;
  // Paths and reasons of this machine are nobody else's business.
  trouble = error.text();
  message = status == 507 ? "there is no room left" : "the registry has a problem of its own";
  detail.clear();
}

Failure Failure::lost(const Error& error) {
  return Error{Code::io, error.message, error.cause, {}};
}

std::unexpected<Failure> not_here(const host::Request& request) {
  return refuse(405, "UNSUPPORTED", "this cannot be done here", std::string(request.method));
}

host::Response to_response(const Failure& failure) {
  codec::json::Object error;
  error.set("code", failure.code);
  error.set("message", failure.message);
  if (!failure.detail.empty()) error.set("detail", failure.detail);
  codec::json::Object body;
  body.set("errors", codec::json::Array{std::move(error)});
  host::Response response{.status = failure.status};
  response.headers.add("Content-Type", "application/json");
  response.text = std::make_shared<const std::string>(codec::json::write(std::move(body)));
  return response;
}

}  // namespace server::registry
