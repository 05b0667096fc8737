#include "sigstore/codec/json_members.h"

#include "sigstore/codec/rfc3339.h"

namespace sigstore::codec::json {

void set_text(Object& object, const char* member, const std::string& value) {
  if (!value.empty()) object.set(member, value);
}

void set_time(Object& object, const char* member, const std::optional<Time>& time) {
  if (time) object.set(member, rfc3339::seconds(*time));
}

}  // namespace sigstore::codec::json
