// What is said of an image, instead of that it was signed; and what the same key said of it before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/bundle/bundle.h"
#include "sigstore/crypto/key.h"
#include "sigstore/oci/reference.h"
#include "sigstore/store/artifact_store.h"

namespace sigstore::sign {

struct Attestation {
  std::string type;       // its predicate type, a URI
  std::string predicate;  // JSON as it stands in the statement (payload::make_predicate)
  // Given whole, and signed byte for byte: `type` is its own, and one of its subjects must be the image's
  // digest.
  std::optional<std::string> statement;
  bool replace = false;  // what this key said of this type before goes

  // Reads the type. The errors of payload::Statement::parse.
  static Result<Attestation> whole(std::string statement);
};

// The statement in an envelope, not signed yet. Code::mismatch for one that is about something else.
Result<bundle::EnvelopeContent> content_for(const Attestation& attestation, const std::string& name,
                                            const oci::Digest& subject);

// Of what is stored for an image, newest first.
struct SaidBefore {
  const store::Stored* equal = nullptr;    // says the same, by this key
  std::vector<const store::Stored*> own;   // of the same type, by this key
  std::vector<const store::Stored*> rest;  // readable, and not of these
};
SaidBefore said_before(const store::Listing& listing, store::Format format, const crypto::PublicKey& key,
                       const bundle::EnvelopeContent& content, const std::string& type,
                       const oci::Digest& subject);

}  // namespace sigstore::sign
