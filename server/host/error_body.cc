#include "server/host/error_body.h"

#include "sigstore/codec/json.h"

namespace server::host {

namespace json = sigstore::codec::json;

Response error_response(int status, std::string_view code, std::string_view message,
                        std::string_view detail) {
  json::Object error;
  error.set("code", code);
  error.set("message", message);
  if (!detail.empty()) error.set("detail", detail);
  json::Object body;
  body.set("errors", json::Array{std::move(error)});
  Response response{.status = status};
  response.headers.add("Content-Type", "application/json");
  response.text = std::make_shared<const std::string>(json::write(std::move(body)));
  return response;
}

}  // namespace server::host
