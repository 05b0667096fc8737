// The judge: does this bundle prove what is required, with this trusted material? Pure: no I/O, may not link
// net. The order of checks is the Sigstore client specification's, section 4 ("Verification").
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sigstore/bundle/bundle.h"
#include "sigstore/crypto/message.h"
#include "sigstore/crypto/x509/sct.h"
#include "sigstore/keyset/key_set.h"
#include "sigstore/oci/digest.h"
#include "sigstore/oci/manifest.h"
#include "sigstore/oci/reference.h"
#include "sigstore/verify/identity.h"
#include "sigstore/verify/parties.h"

namespace sigstore::verify {

struct TrustedKey {
  crypto::PublicKey key;
  std::string name;  // as the user named it: "cosign.pub"
  // What a key set says of it; nullopt: it was given by itself, and verifies at any time and everywhere.
  std::optional<keyset::Key> listed = std::nullopt;
};

// What a signature may be judged with. With keys, these alone are looked at for the signature, whatever else
// the bundle carries; without, it needs a certificate that leads to an authority of `parties`.
struct TrustedMaterial {
  std::vector<TrustedKey> keys;  // no two the same
  Time at;                       // now: for keys that are `listed`, and where no other time is demanded
  // Authorities and logs. nullptr: none, so nothing of them can be required.
  std::shared_ptr<const TrustedParties> parties;
  // The certificate of a signature that has none beside it (`--certificate`), and its detached SCT.
  std::optional<crypto::x509::Certificate> certificate;
  std::optional<crypto::x509::Sct> detached_sct;
};

// What is looked for: that somebody signed the image, something that somebody says of it (or of a file), or
// that somebody signed a file. None stands in for another.
enum class Wanted { signature, attestation, message };

struct Requirements {
  oci::Digest subject;  // the image's digest, or a file's
  // Where the image is, for keys that are not for every repository; nullopt: a file, or it is not known.
  std::optional<oci::Repository> repository;
  // Of a file all digests that are known, algorithm -> hex: a statement names it by any of them.
  std::map<std::string, std::string> digests;
  Wanted wanted = Wanted::signature;
  // The claims name `subject`. Of a signature the statement in an envelope is compared always.
  bool check_claims = true;
  oci::Annotations annotations;  // each must be claimed with exactly this value
  // Empty: any; of attestations any but that of a signature.
  std::vector<std::string> predicate_types = {std::string(payload::cosign_sign_predicate)};
  // How much evidence is needed, each by a different party.
  int log_entries = 1;   // entries, by as many logs; 0: the log is not looked at
  int scts = 1;          // of a certificate, by as many logs of certificates; 0: they are not looked at
  int signed_times = 0;  // timestamps, by as many authorities
  // A certificate needs a proven time in any case, of an authority or (Rekor v1) of the log. With this it is
  // judged at TrustedMaterial::at where none is proven.
  bool current_time = false;
  // Who may have signed by certificate, any of them. None: nobody, unless `any_identity`.
  std::vector<IdentityRule> identities;
  bool any_identity = false;
};

enum class Status { passed, failed, skipped };

// One check that was made (or, skipped, why it was not). `id` is stable: "material", "time", "certificate",
// "sct", "log", "signature", "identity", "type", "subject", "annotations"; "key" is there for a key that is
// `listed` alone; those of certificates for signatures by certificate alone.
struct Check {
  std::string id;
  std::string clause;  // of the specification
  Status status = Status::skipped;
  std::string expected;  // values compared; may be empty
  std::string found;
  std::string detail;  // one sentence
  // Of a failure, where one is known: what a caller may decide on.
  std::optional<Code> code = std::nullopt;
  friend bool operator==(const Check&, const Check&) = default;
};

// What a bundle says. Proven only in a Verdict whose "signature" check passed; before that an unverified
// claim.
struct Claims {
  std::string docker_reference;       // simple signing only
  std::optional<oci::Digest> digest;  // the subject it names
  std::string type;                   // simple signing type, or the predicate type
  codec::json::Value optional;  // simple signing: the object or null; envelope: annotations as an object
};

struct Verdict {
  std::vector<Check> checks;
  std::optional<std::string> key_fingerprint;  // of the key that verified the signature
  std::string key_name;
  std::optional<crypto::Scheme> scheme;  // the one that matched
  bool by_certificate = false;           // it was judged by its certificate, not by trusted keys
  // Of a signature by certificate, once "certificate" passed.
  std::optional<crypto::x509::Certificate> certificate;
  std::optional<CertificateIdentity> identity;
  std::vector<Time> times;  // proven: of authorities, and of the log
  Claims claims;

  // Who signed, by which signers are counted: the key's fingerprint; of a certificate, whose keys change with
  // every signature, "subject (issuer)". Empty before "signature" (and "certificate") passed.
  [[nodiscard]] std::string signer() const;

  // At least one check, the signature among the passed, none failed.
  [[nodiscard]] bool accepted() const;
  // The first failed check, or nullptr.
  [[nodiscard]] const Check* first_failure() const;
};

// `message` is the file that a MessageContent is about, read through; nullptr: it is not here.
Verdict judge(const bundle::Bundle& bundle, const TrustedMaterial& material, const Requirements& requirements,
              const crypto::PassingMessage* message = nullptr);

// Names to `message`, before it passes, all that judge() will ask of it: what its signatures are checked
// over, and the digests that statements name.
void expect(crypto::PassingMessage& message, const bundle::Bundle& bundle, const TrustedMaterial& material);

// Whether the digest that a bundle claims of its file, or one that its statement has a subject by, is that of
// `message`; nullopt when none is claimed, or one by an algorithm that `message` is not known by.
std::optional<bool> names_message(const bundle::Bundle& bundle, const crypto::PassingMessage& message);

// All that is known of it, for Requirements::digests.
std::map<std::string, std::string> digests_of(const crypto::PassingMessage& message);

// Whether something is there that claims to prove an entry in a transparency log; not whether it does.
bool has_log_evidence(const bundle::Evidence& evidence);

}  // namespace sigstore::verify
