// Proto3 JSON (protobuf.dev, "ProtoJSON"), read strictly against a table of fields.
//
// Writers spell one message in many ways: either field name, 64-bit integers as text or number, two alphabets
// of base64, null or nothing for a default. normalize() reads them all and gives one form, the one protojson
// writes, so that whatever comes after looks a field up by one name and finds one type.
#pragma once

#include <span>
#include <string_view>

#include "sigstore/codec/json.h"

namespace sigstore::codec::proto_json {

enum class Kind { text, bytes, int64, uint32, timestamp, enumeration, message };

struct Message;

struct Field {
  std::string_view json_name;   // "logIndex"
  std::string_view proto_name;  // "log_index"
  Kind kind = Kind::text;
  bool repeated = false;
  const Message* message = nullptr;           // of Kind::message
  std::span<const std::string_view> names{};  // of Kind::enumeration: the name of value 0, 1, …
  int oneof = 0;                              // fields of one oneof share a number; 0: in none
};

struct Message {
  std::span<const Field> fields;  // in the order that protojson writes
};

// The message as protojson writes it: JSON names in the order of the table, 64-bit integers as decimal text,
// bytes in padded standard base64, enumerations by name (a number that has no name stays a number), a
// timestamp with the text that it has, defaults left out; an empty sub-message stays, as it is not the same
// as none. Code::malformed: an unknown field, a
// field under both names, two fields of a oneof, null in a list, a value of the wrong type or out of range.
// `what` begins the place that messages name: "the bundle: verificationMaterial".
Result<json::Value> normalize(json::Value value, const Message& message, std::string_view what);

}  // namespace sigstore::codec::proto_json
