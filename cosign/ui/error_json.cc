#include "cosign/ui/error_json.h"

namespace cosign::ui {

sigstore::codec::json::Object error_json(const sigstore::Error& error) {
  sigstore::codec::json::Object object{{"code", sigstore::name(error.code)}, {"message", error.message}};
  if (!error.cause.empty()) object.set("cause", error.cause);
  if (!error.hint.empty()) object.set("hint", error.hint);
  return object;
}

}  // namespace cosign::ui
