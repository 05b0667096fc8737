#include "sigstore/codec/proto_json.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "sigstore/codec/base64.h"
#include "sigstore/codec/proto_fields.h"

namespace sigstore::codec::proto_json {
namespace {

using json::Value;
using Normalized = Result<std::optional<Value>>;  // nullopt: the default, which is left out

// Where in the document something stands; a text is made of it only for an error.
struct Place {
  const Place* up = nullptr;
  std::string_view name;
  std::optional<std::size_t> index = std::nullopt;  // of an element of the list that `up` is

  [[nodiscard]] std::string text() const {
    if (up == nullptr) return std::string(name);
    return up->text() + (index ? "[" + std::to_string(*index) + "]" : ": " + std::string(name));
  }
};

std::unexpected<Error> wrong(const Place& where, std::string_view why) {
  return fail(Code::malformed, where.text() + " " + std::string(why));
}

// --- scalars

Normalized text(Value value, const Place& where) {
  if (value.string() == nullptr) return wrong(where, "is not a string");
  if (value.string()->empty()) return std::nullopt;
  return std::optional(std::move(value));
}

// Line breaks within base64 are no part of it, as Go reads it: people fold what they write by hand.
std::string without_line_breaks(std::string text) {
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
  return text;
}

// find_first_of() looks at one character at a time, and these texts are long.
bool has(const std::string& text, char c) {
  return text.find(c) != std::string::npos;
}

Normalized bytes(Value value, const Place& where) {
  const auto* encoded = value.string();
  if (encoded == nullptr) return wrong(where, "is not base64 text");
  const bool folded = has(*encoded, '\r') || has(*encoded, '\n');
  const auto decoded =
      folded ? base64::decode_any(without_line_breaks(*encoded)) : base64::decode_any(*encoded);
  if (!decoded) return fail(decoded.error().wrap(where.text() + " is not base64"));
  if (decoded->empty()) return std::nullopt;
  const bool standard = !folded && encoded->size() % 4 == 0 && !has(*encoded, '-') && !has(*encoded, '_');
  if (standard) return std::optional(std::move(value));
  return std::optional<Value>(base64::encode(*decoded));
}

Normalized int64(const Value& value, const Place& where) {
  const auto* quoted = value.string();
  const auto parsed = (quoted == nullptr ? value : Value(json::Number{*quoted})).to_int64();
  if (!parsed) return wrong(where, "is not a 64-bit integer");
  auto canonical = std::to_string(*parsed);
  if (quoted != nullptr && canonical != *quoted) return wrong(where, "is not a 64-bit integer");
  if (*parsed == 0) return std::nullopt;
  return std::optional<Value>(std::move(canonical));
}

Normalized uint32(const Value& value, const Place& where) {
  const auto* quoted = value.string();
  const auto parsed = (quoted == nullptr ? value : Value(json::Number{*quoted})).to_uint64();
  if (!parsed || *parsed > std::numeric_limits<std::uint32_t>::max())
    return wrong(where, "is not an unsigned 32-bit integer");
  if (quoted != nullptr && std::to_string(*parsed) != *quoted)
    return wrong(where, "is not an unsigned 32-bit integer");
  if (*parsed == 0) return std::nullopt;
  return std::optional<Value>(*parsed);
}

Normalized timestamp(Value value, const Place& where) {
  if (value.string() == nullptr) return wrong(where, "is not a time");
  const auto time = parse_timestamp(*value.string());
  if (!time) return fail(time.error().wrap(where.text() + " is not a time"));
  return std::optional(std::move(value));
}

Normalized enumeration(const Value& value, std::span<const std::string_view> names, const Place& where) {
  std::size_t number = 0;
  if (const auto* name = value.string()) {
    number = static_cast<std::size_t>(std::ranges::find(names, *name) - names.begin());
    if (number == names.size()) return wrong(where, "has an unknown value");
  } else {
    const auto parsed = value.to_int64();
    constexpr std::int64_t least = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    if (!parsed || *parsed < least || *parsed > most) return wrong(where, "is not a value of an enumeration");
    if (*parsed < 0 || *parsed >= static_cast<std::int64_t>(names.size()))
      return std::optional<Value>(*parsed);
    number = static_cast<std::size_t>(*parsed);
  }
  if (number == 0) return std::nullopt;
  return std::optional<Value>(names[number]);
}

// --- messages

Result<Value> normalize_at(Value value, const Message& message, const Place& where);

Normalized one(Value value, const Field& field, const Place& where) {
  switch (field.kind) {
    case Kind::text:
      return text(std::move(value), where);
    case Kind::bytes:
      return bytes(std::move(value), where);
    case Kind::int64:
      return int64(value, where);
    case Kind::uint32:
      return uint32(value, where);
    case Kind::timestamp:
      return timestamp(std::move(value), where);
    case Kind::enumeration:
      return enumeration(value, field.names, where);
    case Kind::message:
      break;
  }
  TRY(auto message, normalize_at(std::move(value), *field.message, where));
  return std::optional(std::move(message));
}

// What a default looks like inside a list, where it cannot be left out.
Value default_of(const Field& field) {
  if (field.kind == Kind::int64) return "0";
  if (field.kind == Kind::uint32) return 0;
  if (field.kind == Kind::enumeration) return field.names[0];
  return "";
}

Normalized many(Value value, const Field& field, const Place& where) {
  auto* array = value.array();
  if (array == nullptr) return wrong(where, "is not a list");
  if (array->empty()) return std::nullopt;
  for (std::size_t i = 0; i < array->size(); ++i) {
    const Place place{&where, {}, i};
    if ((*array)[i].is_null()) return wrong(place, "is null");
    TRY(auto element, one(std::move((*array)[i]), field, place));
    (*array)[i] = element ? std::move(*element) : default_of(field);
  }
  return std::optional(std::move(value));
}

const Field* field_of(const Message& message, std::string_view name) {
  const auto at = std::ranges::find_if(message.fields, [&](const Field& field) {
    return field.json_name == name || field.proto_name == name;
  });
  return at == message.fields.end() ? nullptr : &*at;
}

Result<void> check_names(const json::Object& object, const Message& message, const Place& what) {
  std::vector<const Field*> seen;
  for (const auto& [name, value] : object.members()) {
    const auto* field = field_of(message, name);
    if (field == nullptr) {
      return wrong(what, "has an unknown member " + json::quote(std::string_view(name).substr(0, 64)));
    }
    if (std::ranges::find(seen, field) != seen.end()) {
      return wrong(what, "has " + std::string(field->json_name) + " under both of its names");
    }
    seen.push_back(field);
  }
  return {};
}

Value* member_of(json::Object& object, const Field& field) {
  auto* value = object.find(field.json_name);
  if (value == nullptr) value = object.find(field.proto_name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

Result<Value> normalize_at(Value value, const Message& message, const Place& what) {
  auto* object = value.object();
  if (object == nullptr) return wrong(what, "is not a JSON object");
  TRY_OK(check_names(*object, message, what));
  json::Object out;
  std::vector<int> chosen;  // oneofs that have a member
  for (const auto& field : message.fields) {
    auto* member = member_of(*object, field);
    if (member == nullptr) continue;
    const Place where{&what, field.json_name};
    if (field.oneof != 0) {
      if (std::ranges::find(chosen, field.oneof) != chosen.end())
        return wrong(where, "stands beside an alternative");
      chosen.push_back(field.oneof);
    }
    TRY(auto normalized,
        field.repeated ? many(std::move(*member), field, where) : one(std::move(*member), field, where));
    if (normalized) out.append(std::string(field.json_name), std::move(*normalized));
  }
  return Value(std::move(out));
}

}  // namespace

Result<Value> normalize(Value value, const Message& message, std::string_view what) {
  return normalize_at(std::move(value), message, Place{nullptr, what});
}

}  // namespace sigstore::codec::proto_json
