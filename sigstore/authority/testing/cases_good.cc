// What every verifier must accept.
#include "sigstore/authority/testing/internal/table.h"

namespace sigstore::authority::testing::internal {
namespace {

using crypto::KeyType;
using log::Shape;

void v2(Play& play) {
  play.recipe.log = Shape::rekor_v2;
}

void add_shapes(Table& table) {
  table.good("v1-message", "a file, logged in Rekor v1, with a timestamp", [](Play&) {});
  table.good("v2-message", "a file, logged in Rekor v2, with a timestamp", v2);
  table.good("v1-envelope", "an attestation, logged as dsse 0.0.1",
             [](Play& play) { play.recipe.form = Form::envelope; });
  table.good("v2-envelope", "an attestation, logged as hashedrekord 0.0.2", [](Play& play) {
    v2(play);
    play.recipe.form = Form::envelope;
  });
  table.good("v1-no-timestamp", "the promise of Rekor v1 proves the time",
             [](Play& play) { play.recipe.timestamped = false; });
  table.good("v1-no-promise", "Rekor v1 without a promise: the timestamp proves the time", [](Play& play) {
    play.recipe.entry = [](auto& entry) { entry.signed_entry_timestamp.clear(); };
  });
  table.good("timestamp-embeds", "the timestamp has the certificate of its authority in it", [](Play& play) {
    v2(play);
    play.recipe.timestamping.embeds_certificate = true;
  });
}

void add_keys(Table& table) {
  table.good("key-v1", "a bare key, logged in Rekor v1", [](Play& play) { play.recipe.keyless = false; });
  table.good("key-v2", "a bare key, logged in Rekor v2", [](Play& play) {
    v2(play);
    play.recipe.keyless = false;
  });
  table.good("key-v1-envelope", "an attestation by a bare key", [](Play& play) {
    play.recipe.keyless = false;
    play.recipe.form = Form::envelope;
  });
  table.good("key-no-timestamp", "a bare key needs no proven time", [](Play& play) {
    v2(play);
    play.recipe.keyless = false;
    play.recipe.timestamped = false;
  });
  for (const auto& [name, type] : {std::pair{"p384", KeyType::ecdsa_p384},
                                   {"p521", KeyType::ecdsa_p521},
                                   {"rsa", KeyType::rsa},
                                   {"ed25519", KeyType::ed25519}}) {
    table.good(std::string("signer-") + name, std::string("the signer's key is ") + name,
               [chosen = type](Play& play) {
                 v2(play);
                 play.recipe.key = chosen;
               });
  }
}

void add_worlds(Table& table) {
  World p384;
  p384.ca_key = p384.tsa_key = p384.rekor_key = p384.rekor2_key = KeyType::ecdsa_p384;
  table.good("world-p384-v1", "every authority and transparency log has a P-384 key", [](Play&) {}, p384);
  table.good("world-p384-v2", "the same with Rekor v2", v2, p384);
  World p256;
  p256.rekor2_key = KeyType::ecdsa_p256;
  table.good("rekor2-p256", "Rekor v2 with an ECDSA key", v2, p256);
  World ed25519;
  ed25519.ca_key = KeyType::ed25519;
  table.good("ca-ed25519", "the certificate authority has an Ed25519 key", [](Play&) {}, ed25519);
}

}  // namespace

void add_good(Table& table) {
  add_shapes(table);
  add_keys(table);
  add_worlds(table);
}

}  // namespace sigstore::authority::testing::internal
