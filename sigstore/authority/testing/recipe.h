// What a signature is made of, step by step, and where each step can go wrong: for Sigstore::sign().
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sigstore/authority/ca/profile.h"
#include "sigstore/authority/log/transparency_log.h"
#include "sigstore/authority/tsa/token.h"
#include "sigstore/bundle/bundle.h"
#include "sigstore/tlog/body.h"

namespace sigstore::authority::testing {

class Sigstore;

enum class Form {
  message,         // of a file: messageSignature
  envelope,        // of an in-toto statement about the file: DSSE
  simple_signing,  // a `.sig` layer about an image of that digest, with the old Rekor bundle's entry
};

// What a log entry is made of.
struct Logged {
  tlog::LoggedDigest artifact;  // of the signed bytes
  tlog::LoggedDigest payload;   // of an envelope's payload
  tlog::LoggedDigest envelope;  // of the envelope as JSON
  tlog::LoggedSignature signature;
  std::string key_details;  // Rekor v2
};

// A step that may change what was made. Empty: it stays as it is.
template <typename T>
using Change = std::function<void(T&)>;

struct TimestampChanges {
  bool embeds_certificate = false;
  Change<tsa::TokenTemplate> token;  // before it is signed
};

// As it stands here, all is well. `by` other Sigstores: their key does that step.
struct Recipe {
  Form form = Form::message;
  std::string artifact = "an artifact\n";  // a file, or an image's manifest
  std::string predicate_type = "https://example.test/predicate/v1";  // of an envelope

  // --- the signer
  bool keyless = true;  // by certificate; else the bare key
  crypto::KeyType key = crypto::KeyType::ecdsa_p256;
  ca::Identity identity = {{crypto::x509::GeneralName::Kind::uri, "https://ci.test/team/app@refs/heads/main"},
                           "https://issuer.test",
                           {}};
  bool sign_with_another_key = false;       // than the certificate or the verifier's
  std::optional<std::string> sign_instead;  // other bytes than those that the bundle says
  Change<Bytes> signature;

  // --- times; nullopt: the Sigstore's now()
  std::optional<Time> certified_at;    // notBefore; for ten minutes
  std::optional<Time> promised_at;     // SCT
  std::optional<Time> integrated_at;   // Rekor v1
  std::optional<Time> timestamped_at;  // genTime
  std::chrono::seconds certificate_lives = std::chrono::minutes(10);

  // --- the certificate
  Sigstore* certified_by = nullptr;
  Change<ca::CertificateTemplate> leaf;  // before logs see it
  bool promised = true;
  std::vector<Sigstore*> promised_by = {nullptr};  // nullptr: this one's CT log
  bool promised_for_another = false;               // SCTs of another certificate
  Change<std::vector<crypto::x509::Sct>> scts;
  Change<Bytes> certificate;  // signed, DER

  // --- the log
  std::optional<log::Shape> log = log::Shape::rekor_v1;
  Sigstore* logged_by = nullptr;
  Change<Logged> logging;         // what is proposed
  Change<std::string> body;       // what is listed
  Change<tlog::Entry> entry;      // what comes back
  std::size_t later_entries = 3;  // that are in the tree before it is proven

  // --- the timestamp
  bool timestamped = true;
  Sigstore* timestamped_by = nullptr;
  std::optional<std::string> timestamp_instead;  // other bytes than the signature
  TimestampChanges timestamping;
  Change<Bytes> timestamp;

  // --- all of it
  Change<bundle::Bundle> bundle;
};

}  // namespace sigstore::authority::testing
