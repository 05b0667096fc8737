// Signatures of other bytes, by other keys, and keys that stand where a certificate belongs.
#include "sigstore/authority/testing/internal/must.h"
#include "sigstore/authority/testing/internal/table.h"

namespace sigstore::authority::testing::internal {
namespace {

// For a certificate and for a bare key. In Rekor v1 a wrong signature has no valid entry: so the first also
// in Rekor v2, whose entries are of any bytes.
void both(Table& table, const std::string& name, const std::string& what, const Script& script) {
  table.bad(name, what, script);
  table.bad("v2-" + name, what + " (Rekor v2)", [script](Play& play) {
    play.recipe.log = log::Shape::rekor_v2;
    script(play);
  });
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
  table.bad("certificate-of-another", "the certificate, here and in the log, is for another key than signed",
            [](Play& play) {
              Recipe other;
              other.key = crypto::KeyType::ecdsa_p384;
              play.recipe.log = log::Shape::rekor_v2;
              const Bytes der = play.world.sign(other).certificate;
              play.recipe.logging = [der](Logged& logged) { logged.signature.certificate = der; };
              play.recipe.bundle = [der](bundle::Bundle& bundle) { bundle.key.certificates = {der}; };
            });
  table.good("key-hint-other", "the bundle names another key than it is verified with: a hint is no proof",
             [](Play& play) {
               play.recipe.keyless = false;
               play.recipe.bundle = [hint = play.world.key("other").public_key().hint()](
                                        bundle::Bundle& bundle) { bundle.key.hint = hint; };
             });
}

// `.sig` layers with the entry of an old Rekor bundle: a promise, no proof. No bundle v0.3 holds them.
void add_old(Table& table) {
  const auto old = [&](bool good, std::string name, std::string what, const Script& script) {
    const Script whole = [script](Play& play) {
      play.recipe.form = Form::simple_signing;
      script(play);
    };
    good ? table.good("old-" + name, std::move(what), whole)
         : table.bad("old-" + name, std::move(what), whole);
  };
  old(true, "layer", "a simple signing payload with its old Rekor bundle", [](Play&) {});
  old(true, "layer-no-timestamp", "the same without a timestamp",
      [](Play& play) { play.recipe.timestamped = false; });
  old(true, "layer-key", "the same by a bare key", [](Play& play) { play.recipe.keyless = false; });
  old(false, "promise-bit", "one bit of the promise is wrong", [](Play& play) {
    play.recipe.entry = [](tlog::Entry& entry) { entry.signed_entry_timestamp.back() ^= 1; };
  });
  old(false, "promise-missing", "the entry has neither promise nor proof", [](Play& play) {
    play.recipe.entry = [](tlog::Entry& entry) { entry.signed_entry_timestamp.clear(); };
  });
  old(false, "promise-of-another", "the entry is all of another signature", [](Play& play) {
    Recipe other = play.recipe;
    other.artifact = "another\n";
    play.recipe.entry = [entry = play.world.sign(other).bundle.evidence.tlog_entries[0]](tlog::Entry& mine) {
      mine = entry;
    };
  });
  old(false, "entry-other-payload", "the entry is about another payload",
      [](Play& play) { play.recipe.logging = [](Logged& logged) { logged.artifact.digest[0] ^= 1; }; });
  old(false, "entry-other-signature", "the entry is about another signature", [](Play& play) {
    play.recipe.logging = [](Logged& logged) { logged.signature.signature.back() ^= 1; };
  });
  old(false, "entry-other-certificate", "the entry has another certificate", [](Play& play) {
    play.recipe.logging = [der = play.world.sign({}).certificate](Logged& logged) {
      logged.signature.certificate = der;
    };
  });
  old(false, "unknown-log", "the log is that of another Sigstore",
      [](Play& play) { play.recipe.logged_by = &play.stranger; });
  old(false, "log-window-over", "the log's key counted to the second before", [](Play& play) {
    play.root = [at = play.world.now() - std::chrono::seconds(1)](trust::TrustedRoot& root) {
      root.tlogs[0].valid.end = at;
    };
  });
  old(false, "after-certificate", "signed in the second after the certificate", [](Play& play) {
    play.recipe.certified_at = play.world.now() - std::chrono::minutes(10) - std::chrono::seconds(1);
  });
  old(false, "signature-bit", "one bit of the signature is wrong",
      [](Play& play) { play.recipe.signature = [](Bytes& signature) { signature.back() ^= 1; }; });
  old(false, "artifact-other", "the payload is about another image",
      [](Play& play) { play.question = [](Question& asked) { asked.made.artifact = "another\n"; }; });
}

}  // namespace

void add_signature(Table& table) {
  add_signatures(table);
  add_envelopes(table);
  add_claims(table);
  add_old(table);
}

}  // namespace sigstore::authority::testing::internal
