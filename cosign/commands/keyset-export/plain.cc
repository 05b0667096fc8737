#include "cosign/commands/keyset-export/exports.h"
#include "sigstore/codec/json.h"

namespace cosign::keyset_export {

using sigstore::keyset::Key;

Export as_pem(const Selection& selection) {
  Export out;
  for (const Key* key : selection.keys) {
    out.text += "# " + title(*key) + ", " + std::string(name(key->state)) + "\n";
    for (const std::string& glob : key->scope) out.text += "# for " + glob + "\n";
    out.text += key->key.pem();
    if (!key->scope.empty() && !selection.one_repository)
      out.notes.push_back(title(*key) +
                          " is for some repositories alone, which PEM cannot "
                          "say: --repository leaves out the "
                          "keys of others");
  }
  return out;
}

Export as_trusted_root(const Selection& selection) {
  namespace json = sigstore::codec::json;
  Export out;
  out.text =
      json::write_indented(
          json::Object{{"mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}}, 2) +
      "\n";
  if (!selection.keys.empty())
    out.notes.emplace_back(
        "a trusted root holds logs and authorities and has "
        "no place for the keys of signers: name them by "
        "--key beside it");
  return out;
}

}  // namespace cosign::keyset_export
