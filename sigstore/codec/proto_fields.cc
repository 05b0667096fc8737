#include "sigstore/codec/proto_fields.h"

#include <cstdio>

#include "sigstore/codec/base64.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::codec::proto_json {

const json::Object* object_at(const json::Object& message, std::string_view name) {
  const auto* value = message.find(name);
  return value == nullptr ? nullptr : value->object();
}

std::span<const json::Value> list_at(const json::Object& message, std::string_view name) {
  const auto* value = message.find(name);
  const auto* list = value == nullptr ? nullptr : value->array();
  return list == nullptr ? std::span<const json::Value>() : std::span(*list);
}

std::string text_at(const json::Object& message, std::string_view name) {
  const auto* value = message.find(name);
  if (value == nullptr) return {};
  return value->number() != nullptr ? value->number()->text : *value->string();
}

Bytes bytes_at(const json::Object& message, std::string_view name) {
  const auto* value = message.find(name);
  return value == nullptr ? Bytes() : base64::decode(*value->string()).value_or(Bytes());
}

std::uint32_t uint32_at(const json::Object& message, std::string_view name) {
  const auto* value = message.find(name);
  return value == nullptr ? 0 : static_cast<std::uint32_t>(value->to_uint64().value_or(0));
}

std::optional<Time> time_at(const json::Object& message, std::string_view name) {
  const auto* value = message.find(name);
  if (value == nullptr) return std::nullopt;
  const auto time = parse_timestamp(*value->string());
  return time ? std::optional(*time) : std::nullopt;
}

Result<Time> parse_timestamp(std::string_view text) {
  using namespace std::chrono;
  constexpr Time first = sys_days(year(1678) / January / 1), behind = sys_days(year(2262) / January / 1);
  const auto time = rfc3339::parse(text);
  if (time && *time >= first && *time < behind) return *time;
  if (!time && time.error().code != Code::unsupported) return time;
  const bool early = text.starts_with('0') || text.starts_with('1');
  return early ? Time::min() : Time::max();
}

std::string timestamp(Time time) {
  using namespace std::chrono;
  if (time == Time::max()) return "9999-12-31T23:59:59Z";
  if (time == Time::min()) return "0001-01-01T00:00:00Z";
  auto out = rfc3339::seconds(time);
  auto fraction = duration_cast<nanoseconds>(time - floor<seconds>(time)).count();
  if (fraction == 0) return out;
  int digits = 9;
  for (; fraction % 1000 == 0; fraction /= 1000) digits -= 3;
  char text[12];
  (void)std::snprintf(text, sizeof text, ".%0*dZ", digits, static_cast<int>(fraction));
  return out.replace(out.size() - 1, 1, text);
}

}  // namespace sigstore::codec::proto_json
