// Reading and writing the members that descriptors, manifests and indexes share. Private to this room.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sigstore/codec/json.h"
#include "sigstore/oci/manifest.h"

namespace sigstore::oci {

// The members of `object` whose names are not among `known`, in order.
codec::json::Object members_except(const codec::json::Object& object,
                                   std::span<const std::string_view> known);
void append_members(codec::json::Object& out, const codec::json::Object& members);
// Moves one member from `from` to the end of `out`, when it is there.
void move_member(codec::json::Object& from, codec::json::Object& out, std::string_view name);

// The same members, those of `names` first: equal descriptors are written alike, whatever order they came in.
codec::json::Object in_order(codec::json::Object members, std::span<const std::string_view> names);

void append_text(codec::json::Object& out, std::string name, const std::string& text);  // not when empty
void append_annotations(codec::json::Object& out, const Annotations& annotations);      // not when empty
// Absent and null are empty. Code::too_large above limits::annotations.
Result<Annotations> read_annotations(const codec::json::Object& object, std::string_view what);

}  // namespace sigstore::oci
