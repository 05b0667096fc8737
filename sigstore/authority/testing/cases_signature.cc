// Signatures of other bytes, by other keys, and keys that stand where a certificate belongs.
#include "sigstore/authority/testing/internal/must.h"
#include "sigstore/authority/testing/internal/table.h"

namespace sigstore::authority::testing::internal {
namespace {

// For a certificate and for a bare key.
void both(Table& table, const std::string& name, const std::string& what, const Script& script) {
  table.bad(name, what, script);
  table.bad("key-" + name, what + " (bare key)", [script](Play& play) {
    play.recipe.keyless = false;
    script(play);
  });
}

void add_signatures(Table& table) {
  both(table, "signature-bit", "one bit of the signature is wrong",
       [](Play& play) { play.recipe.signature = [](Bytes& signature) { signature.back() ^= 1; }; });
  both(table, "signature-other-key", "another key made the signature",
       [](Play& play) { play.recipe.sign_with_another_key = true; });
  both(table, "signature-other-bytes", "the signature is of other bytes",
       [](Play& play) { play.recipe.sign_instead = "other bytes"; });
  both(table, "artifact-other", "the artifact is another one than was signed",
       [](Play& play) { play.question = [](Question& asked) { asked.made.artifact = "another\n"; }; });
  both(table, "digest-other", "the bundle claims another digest of the artifact", [](Play& play) {
    play.recipe.bundle = [](bundle::Bundle& bundle) {
      std::get<bundle::MessageContent>(bundle.content).digest[0] ^= 1;
    };
  });
}

void add_envelopes(Table& table) {
  const auto envelope = [&](std::string name, std::string what, const Script& script) {
    both(table, std::move(name), std::move(what), [script](Play& play) {
      play.recipe.form = Form::envelope;
      script(play);
    });
  };
  envelope("envelope-signature-bit", "one bit of the envelope's signature is wrong",
           [](Play& play) { play.recipe.signature = [](Bytes& signature) { signature.back() ^= 1; }; });
  envelope("envelope-payload", "the payload was changed after it was signed", [](Play& play) {
    play.recipe.bundle = [](bundle::Bundle& bundle) {
      auto& payload = std::get<bundle::EnvelopeContent>(bundle.content).payload;
      payload.insert(payload.size() - 1, " ");
    };
  });
  envelope("envelope-type", "the type of the payload was changed after it was signed", [](Play& play) {
    play.recipe.bundle = [](bundle::Bundle& bundle) {
      std::get<bundle::EnvelopeContent>(bundle.content).payload_type = "application/json";
    };
  });
  envelope("envelope-payload-alone", "the signature is of the bare payload", [](Play& play) {
    play.recipe.sign_instead =
        std::get<bundle::EnvelopeContent>(play.world.sign(play.recipe).bundle.content).payload;
  });
  envelope("envelope-artifact", "the statement is about another artifact",
           [](Play& play) { play.question = [](Question& asked) { asked.made.artifact = "another\n"; }; });
}

void add_claims(Table& table) {
  table.bad("key-for-certificate", "a bare key signed, where an identity is asked for", [](Play& play) {
    play.recipe.keyless = false;
    play.question = [](Question& asked) { asked.ask = Ask::identity; };
  });
  table.bad("key-as-certificate", "a key stands where the certificate belongs", [](Play& play) {
    play.recipe.bundle = [spki = play.world.key("signer").public_key().spki()](bundle::Bundle& bundle) {
      bundle.key.certificates = {spki};
    };
  });
  table.bad("certificate-for-key", "another key than that of the certificate is asked for", [](Play& play) {
    play.question = [&play](Question& asked) {
      asked.ask = Ask::key;
      asked.made.key = play.world.key("other").public_key();
    };
  });
  table.bad("certificate-of-another", "the certificate is for another key than signed", [](Play& play) {
    Recipe other;
    other.key = crypto::KeyType::ecdsa_p384;
    play.recipe.bundle = [der = play.world.sign(other).certificate](bundle::Bundle& bundle) {
      bundle.key.certificates = {der};
    };
  });
  table.good("key-hint-other", "the bundle names another key than it is verified with: a hint is no proof",
             [](Play& play) {
               play.recipe.keyless = false;
               play.recipe.bundle = [hint = play.world.key("other").public_key().hint()](
                                        bundle::Bundle& bundle) { bundle.key.hint = hint; };
             });
}

}  // namespace

void add_signature(Table& table) {
  add_signatures(table);
  add_envelopes(table);
  add_claims(table);
}

}  // namespace sigstore::authority::testing::internal
