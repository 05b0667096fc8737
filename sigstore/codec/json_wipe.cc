#include "sigstore/codec/json_wipe.h"

#include "sigstore/base/secret.h"

namespace sigstore::codec::json {

// Documents are not deep: limits::json_depth.
void wipe(Value& value) {
  if (const std::string* text = value.string()) sigstore::wipe(const_cast<std::string&>(*text));
  if (Array* array = value.array())
    for (Value& element : *array) wipe(element);
  if (Object* object = value.object())
    for (const Member& member : object->members()) wipe(const_cast<Value&>(member.value));
}

}  // namespace sigstore::codec::json
