// Who signed what hangs on an image: what each signature claims, and what was checked of it with the keys of
// whoever runs this registry.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/registry/page/local_registry.h"
#include "sigstore/check/pipeline.h"
#include "sigstore/store/attachments.h"

namespace server::registry::page {

struct Signer {
  enum class Standing {
    verified,    // by one of the keys, and for this image
    refused,     // by one of the keys, but something else is wrong: `detail`
    unknown,     // by none of the keys
    unreadable,  // `detail` says why
    unchecked,   // there are no keys to check with
  };
  Standing standing = Standing::unchecked;
  sigstore::oci::Digest digest;  // as store::Stored
  std::string key, key_name;     // verified and refused: its fingerprint, and how it was named
  std::string detail;
  bool logged = false;  // something is there that claims to prove an entry in a transparency log

  // Claims: proven only when it is verified.
  std::string claimed_key;                 // fingerprint, from the hint of a bundle
  std::string claimed_identity;            // of a certificate
  std::string claimed_issuer;              // of a certificate
  std::string type;                        // predicate type, or that of simple signing
  std::string reference;                   // what the signer called the image
  sigstore::oci::Annotations annotations;  // those with text values
};
std::string_view name(Signer::Standing standing);  // "verified", …

// By the location of the artifact that holds them (store::Attachment::location), in the order they are
// stored.
using Signers = std::map<std::string, std::vector<Signer>>;

// Reads every signature and attestation that `found` lists, and judges it offline with check/ and verify/. A
// transparency log is not asked.
struct SignersAnswer {
  Signers signers;
  bool complete = true;  // false: there is more than is looked at, or it failed
  bool failed = false;   // a place could not be asked
};
SignersAnswer read_signers(LocalRegistry& registry, const sigstore::Env& env,
                           const sigstore::oci::Repository& repository, const sigstore::oci::Digest& subject,
                           const sigstore::verify::TrustedMaterial& keys);

}  // namespace server::registry::page
