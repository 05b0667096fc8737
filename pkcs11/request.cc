#include "pkcs11/internal/request.h"

#include <algorithm>

#include "sigstore/base/result.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"

namespace pkcs11 {
namespace json = sigstore::codec::json;
namespace {

constexpr std::size_t request_depth = 4;

std::unexpected<Failure> refused(std::string why) {
  return std::unexpected(Failure{.kind = "request", .detail = std::move(why)});
}

std::string text(const json::Value* value, std::string_view key) {
  const json::Value* found = value == nullptr ? nullptr : value->get(key);
  return found == nullptr || found->string() == nullptr ? "" : *found->string();
}

bool flag(const json::Value& value, std::string_view key) {
  const json::Value* found = value.get(key);
  return found != nullptr && found->boolean() != nullptr && *found->boolean();
}

Attempt<sigstore::Bytes> bytes(const json::Value* value, std::string_view key) {
  auto decoded = sigstore::codec::hex::decode(text(value, key));
  if (!decoded) return refused(std::string(key) + " is not hexadecimal");
  return std::move(*decoded);
}

Attempt<TokenWanted> token_in(const json::Value* value) {
  TokenWanted wanted;
  for (const auto& [key, field] :
       {std::pair("label", &wanted.label), std::pair("serial", &wanted.serial),
        std::pair("manufacturer", &wanted.manufacturer), std::pair("model", &wanted.model)}) {
    TRY(const auto decoded, bytes(value, key));
    *field = sigstore::to_text(decoded);
  }
  if (const json::Value* slot = value == nullptr ? nullptr : value->get("slotId")) {
    const auto number = slot->to_uint64();
    if (!number) return refused("slotId is no number");
    wanted.slot = *number;
  }
  return wanted;
}

Attempt<Request> read_line(const json::Value& line) {
  if (text(&line, "protocolVersion") != "v1") return refused("it is not of version v1");
  Request request;
  request.method = text(&line, "method");
  request.module = text(&line, "module");
  request.mechanism = text(&line, "mechanism");
  request.algorithm = text(&line, "algorithm");
  request.login = flag(line, "login");
  request.private_key = flag(line, "privateKey");
  TRY(request.token, token_in(line.get("token")));
  TRY(request.key.id, bytes(line.get("key"), "id"));
  TRY(request.key.label, bytes(line.get("key"), "label"));
  TRY(request.data, bytes(&line, "data"));
  if (!request.module.starts_with('/')) return refused("the module has no absolute path");
  return request;
}

}  // namespace

Attempt<Request> parse_request(sigstore::BytesView input) {
  const auto end = std::ranges::find(input, '\n');
  if (end == input.end()) return refused("its first line has no end");
  const auto line =
      json::parse(sigstore::as_text({input.begin(), end}), "the request", {.max_depth = request_depth});
  if (!line) return refused(line.error().message);
  TRY(Request request, read_line(*line));
  request.pin = sigstore::Secret(sigstore::BytesView(end + 1, input.end()));
  return request;
}

}  // namespace pkcs11
