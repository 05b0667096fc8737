#include "server/registry/failure.h"

#include "sigstore/codec/json.h"
#include "sigstore/codec/printable.h"

namespace server::registry {

using namespace sigstore;

namespace {

constexpr std::size_t longest_detail = 512;

std::pair<int, std::string_view> status_of(Code code) {
  switch (code) {
    case Code::malformed:
      return {400, "UNSUPPORTED"};
    case Code::unreachable:
      return {400, "SIZE_INVALID"};
    case Code::mismatch:
      return {400, "DIGEST_INVALID"};
    case Code::timeout:
      return {408, "SIZE_INVALID"};
    case Code::too_large:
      return {413, "SIZE_INVALID"};
    case Code::unavailable:
      return {503, "UNAVAILABLE"};
    case Code::disk_full:
      return {507, "STORAGE_FULL"};
    default:
      return {500, "UNKNOWN"};
  }
}

// A detail may be of a client's making: it is cut off, and made text.
codec::json::Value entry(const Failure& failure, std::string_view detail) {
  codec::json::Object error{{"code", failure.code}, {"message", failure.message}};
  if (!detail.empty()) error.set("detail", codec::printable(detail.substr(0, longest_detail)));
  return error;
}

}  // namespace

Failure::Failure(const Error& error)
    : status(status_of(error.code).first), code(status_of(error.code).second), message(error.message) {
  if (!error.cause.empty()) details.push_back(error.cause);
  if (status < 500 || status == 503) return;
  // Paths and reasons of this machine are nobody else's business.
  trouble = error.text();
  message = status == 507 ? "there is no room left" : "the registry has a problem of its own";
  details.clear();
}

Failure Failure::lost(const Error& error) {
  return Error{Code::io, error.message, error.cause, {}};
}

std::unexpected<Failure> not_here(const host::Request& request, std::string allowed) {
  return refuse(405, "UNSUPPORTED", "this cannot be done here", std::string(request.method),
                {{"Allow", std::move(allowed)}});
}

host::Response to_response(const Failure& failure) {
  codec::json::Array errors;
  for (const std::string& detail : failure.details) errors.push_back(entry(failure, detail));
  if (errors.empty()) errors.push_back(entry(failure, {}));
  host::Response response{.status = failure.status, .headers = failure.headers};
  response.headers.add("Content-Type", "application/json");
  response.text = std::make_shared<const std::string>(
      codec::json::write(codec::json::Object{{"errors", std::move(errors)}}));
  return response;
}

}  // namespace server::registry
