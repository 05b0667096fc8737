// What trusted roots and signing configurations have in common. Private to this room.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/codec/json.h"
#include "sigstore/codec/proto_json.h"
#include "sigstore/trust/trusted_root.h"

namespace sigstore::trust {

struct Form {
  std::string_view title;  // "a trusted root"
  std::string_view media_type;
  const codec::proto_json::Message& message;
};

// A document of that form, normalized: always an object. The media type is looked at before the fields are.
Result<codec::json::Value> read_document(std::string_view json, std::string_view what, const Form& form);

// "root.json is not a valid trusted root", and why.
std::unexpected<Error> malformed(std::string_view what, const Form& form, std::string why);
std::unexpected<Error> too_many(std::string_view what, std::string_view list, std::size_t count);

// The member validFor of a message. Code::malformed when it ends before it starts.
Result<TimeRange> read_range(const codec::json::Object& message);
void append_range(codec::json::Object& out, const TimeRange& range);

// As protojson does: not when it has its default.
void append_text(codec::json::Object& out, std::string_view name, const std::string& text);

}  // namespace sigstore::trust
