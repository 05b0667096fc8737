#include "sigstore/codec/error_json.h"

namespace sigstore::codec {

json::Object error_json(const Error& error) {
  json::Object object{{"code", name(error.code)}, {"message", error.message}};
  if (!error.cause.empty()) object.set("cause", error.cause);
  if (!error.hint.empty()) object.set("hint", error.hint);
  return object;
}

}  // namespace sigstore::codec
