// Tables of fields for proto_json, and looking into a message that normalize() gave.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/codec/proto_json.h"

namespace sigstore::codec::proto_json {

// --- one row of a table
constexpr Field text_field(std::string_view json_name, std::string_view proto_name) {
  return {json_name, proto_name};
}
constexpr Field bytes_field(std::string_view json_name, std::string_view proto_name) {
  return {json_name, proto_name, Kind::bytes};
}
constexpr Field int64_field(std::string_view json_name, std::string_view proto_name) {
  return {json_name, proto_name, Kind::int64};
}
constexpr Field uint32_field(std::string_view json_name, std::string_view proto_name) {
  return {json_name, proto_name, Kind::uint32};
}
constexpr Field time_field(std::string_view json_name, std::string_view proto_name) {
  return {json_name, proto_name, Kind::timestamp};
}
constexpr Field enum_field(std::span<const std::string_view> names, std::string_view json_name,
                           std::string_view proto_name) {
  return {json_name, proto_name, Kind::enumeration, false, nullptr, names};
}
constexpr Field one(const Message& message, std::string_view json_name, std::string_view proto_name,
                    int oneof = 0) {
  return {json_name, proto_name, Kind::message, false, &message, {}, oneof};
}
constexpr Field many(const Message& message, std::string_view json_name, std::string_view proto_name) {
  return {json_name, proto_name, Kind::message, true, &message};
}

// --- members of a normalized message: what is there has the right type, and what is not has its default
const json::Object* object_at(const json::Object& message, std::string_view name);  // nullptr when absent
std::span<const json::Value> list_at(const json::Object& message, std::string_view name);
std::string text_at(const json::Object& message, std::string_view name);  // also of an enumeration
Bytes bytes_at(const json::Object& message, std::string_view name);
std::uint32_t uint32_at(const json::Object& message, std::string_view name);
// By parse_timestamp(); nullopt when absent.
std::optional<Time> time_at(const json::Object& message, std::string_view name);

// A time in RFC 3339 whatever its year: one before 1678 is Time::min(), and one after 2261 Time::max().
Result<Time> parse_timestamp(std::string_view text);
// The text of a google.protobuf.Timestamp: UTC, with 0, 3, 6 or 9 digits of a fraction. Time::max() is
// 9999-12-31T23:59:59Z, and Time::min() 0001-01-01T00:00:00Z: no end and no beginning.
std::string timestamp(Time time);

}  // namespace sigstore::codec::proto_json
