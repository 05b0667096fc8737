// A Sigstore in memory: certificate authority, certificate log, transparency logs (Rekor v1 and v2) and
// timestamp authority, with the trusted root that tells of them. It makes any signature, good or bad, in one
// call. No network, no clock, no files; the same seed gives the same keys, names, times and serial numbers.
//
//   Sigstore world;
//   const Signed good = world.sign({});
//   const Signed expired = world.sign({.certified_at = world.now() - 1h});
//   verify with good.bundle, good.artifact, world.trusted_root()
#pragma once

#include <memory>
#include <string>

#include "sigstore/authority/testing/recipe.h"
#include "sigstore/trust/trusted_root.h"

namespace sigstore::authority::testing {

Time usual_time();  // 2026-06-01T12:00:00Z

// Keys are P-256 unless it says otherwise: fast.
struct World {
  std::uint64_t seed = 1;
  std::string domain = "sigstore.test";  // hosts: fulcio., ct., rekor., rekor2., tsa.
  Time now = usual_time();               // when things are signed
  crypto::KeyType ca_key = crypto::KeyType::ecdsa_p256, ct_key = crypto::KeyType::ecdsa_p256,
                  rekor_key = crypto::KeyType::ecdsa_p256, rekor2_key = crypto::KeyType::ed25519,
                  tsa_key = crypto::KeyType::ecdsa_p256;
  Change<ca::CertificateTemplate> root, intermediate;  // of the CA
  Change<ca::CertificateTemplate> tsa_root, tsa;
};

// Of other keys and names.
World other_world();

// A signature and what belongs to it.
struct Signed {
  bundle::Bundle bundle;
  std::string artifact;
  crypto::PublicKey key;  // the signer's
  Bytes certificate;      // DER; empty with a bare key
};

class Sigstore {
 public:
  explicit Sigstore(World world = {});
  ~Sigstore();
  Sigstore(Sigstore&&) noexcept;

  [[nodiscard]] Time now() const;
  // Everything is trusted from 2026-01-01 on, without an end. Tests change the value.
  [[nodiscard]] trust::TrustedRoot trusted_root() const;

  // Aborts when a step that is not wrong on purpose fails.
  Signed sign(const Recipe& recipe = {});

  // --- single parts, for who builds further
  crypto::Signer& key(std::string_view name, crypto::KeyType type = crypto::KeyType::ecdsa_p256);
  ca::Issuer issuer();                      // the intermediate
  [[nodiscard]] const Bytes& root() const;  // DER
  [[nodiscard]] const Bytes& intermediate() const;
  crypto::Signer& certificate_log();
  log::TransparencyLog& rekor(log::Shape shape);
  Bytes timestamp(std::string_view message, Time at, const TimestampChanges& changes = {});

  struct State;  // private to this room

 private:
  std::unique_ptr<State> state_;
};

}  // namespace sigstore::authority::testing
