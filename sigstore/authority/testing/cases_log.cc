// Log entries that prove nothing, and some that do in spite of appearances.
#include "sigstore/authority/testing/internal/must.h"
#include "sigstore/authority/testing/internal/table.h"

namespace sigstore::authority::testing::internal {
namespace {

using log::Shape;

// The same fault in both shapes of log.
void both(Table& table, const std::string& name, const std::string& what, const Script& script) {
  table.bad("v1-" + name, what + " (Rekor v1)", script);
  table.bad("v2-" + name, what + " (Rekor v2)", [script](Play& play) {
    play.recipe.log = Shape::rekor_v2;
    script(play);
  });
}
// A fault of the inclusion proof.
void both_proofs(Table& table, const std::string& name, const std::string& what,
                 const Change<tlog::InclusionProof>& change) {
  both(table, name, what,
       [change](Play& play) { play.recipe.entry = [change](tlog::Entry& entry) { change(*entry.proof); }; });
}
void both_proposals(Table& table, const std::string& name, const std::string& what,
                    const Change<Logged>& change) {
  both(table, name, what, [change](Play& play) { play.recipe.logging = change; });
}

// A log of the same key, whose entries are the same unless `other`.
std::string checkpoint_of_another(Sigstore& world, Shape shape, const log::LogOptions& options, bool other) {
  auto& real = world.rekor(shape);
  auto& key = world.key(shape == Shape::rekor_v1 ? "rekor" : "rekor2",
                        shape == Shape::rekor_v1 ? crypto::KeyType::ecdsa_p256 : crypto::KeyType::ed25519);
  log::TransparencyLog twin(options, key);
  for (std::uint64_t i = 0; i < real.size(); ++i) {
    const auto entry = must(real.entry(i, real.size()));
    must(twin.append({entry.kind, entry.version, other ? "other" + entry.body : entry.body}, world.now()));
  }
  return must(twin.checkpoint(twin.size()));
}

void add_proofs(Table& table) {
  using Proof = tlog::InclusionProof;
  both_proofs(table, "proof-bit", "one bit of the inclusion proof is wrong",
              [](Proof& proof) { proof.hashes[0][0] ^= 1; });
  both_proofs(table, "proof-last-bit", "one bit of its last hash is wrong",
              [](Proof& proof) { proof.hashes.back().back() ^= 1; });
  both_proofs(table, "proof-short", "the inclusion proof lacks its last hash",
              [](Proof& proof) { proof.hashes.pop_back(); });
  both_proofs(table, "proof-long", "the inclusion proof has a hash too many",
              [](Proof& proof) { proof.hashes.push_back(proof.hashes[0]); });
  both_proofs(table, "proof-order", "the hashes of the inclusion proof are in another order",
              [](Proof& proof) { std::swap(proof.hashes.front(), proof.hashes.back()); });
  both_proofs(table, "proof-index", "the inclusion proof is for the place beside",
              [](Proof& proof) { proof.log_index ^= 1; });
  both_proofs(table, "proof-size", "the tree of the inclusion proof has one entry more",
              [](Proof& proof) { proof.tree_size += 1; });
  both_proofs(table, "proof-root", "the root of the inclusion proof is not that of the checkpoint",
              [](Proof& proof) { proof.root_hash[31] ^= 1; });
  both(table, "proof-missing", "there is no inclusion proof",
       [](Play& play) { play.recipe.entry = [](tlog::Entry& entry) { entry.proof.reset(); }; });
}

void add_checkpoints(Table& table) {
  both_proofs(table, "checkpoint-missing", "there is no checkpoint",
              [](tlog::InclusionProof& proof) { proof.checkpoint.clear(); });
  both_proofs(table, "checkpoint-signature", "the signature of the checkpoint is wrong",
              [](tlog::InclusionProof& proof) {
                auto note = must(tlog::Note::parse(proof.checkpoint));
                note.signatures[0].signature[20] ^= 1;
                proof.checkpoint = note.write();
              });
  both_proofs(table, "checkpoint-hint", "the checkpoint's signature names another key",
              [](tlog::InclusionProof& proof) {
                auto note = must(tlog::Note::parse(proof.checkpoint));
                note.signatures[0].key_hash[0] ^= 1;
                proof.checkpoint = note.write();
              });
  both_proofs(table, "checkpoint-unsigned", "the checkpoint's text was changed after it was signed",
              [](tlog::InclusionProof& proof) {
                auto note = must(tlog::Note::parse(proof.checkpoint));
                note.text += "more\n";
                proof.checkpoint = note.write();
              });
  for (const auto shape : {Shape::rekor_v1, Shape::rekor_v2}) {
    const std::string prefix = shape == Shape::rekor_v1 ? "v1-" : "v2-";
    table.bad(prefix + "checkpoint-older", "the checkpoint is of the log when it was smaller",
              [shape](Play& play) {
                play.recipe.log = shape;
                play.recipe.entry = [&world = play.world, shape](tlog::Entry& entry) {
                  entry.proof->checkpoint = must(world.rekor(shape).checkpoint(entry.proof->tree_size - 1));
                };
              });
    table.bad(prefix + "checkpoint-other-tree", "the checkpoint is of another tree with the same key",
              [shape](Play& play) {
                play.recipe.log = shape;
                play.recipe.entry = [&world = play.world, shape](tlog::Entry& entry) {
                  entry.proof->checkpoint =
                      checkpoint_of_another(world, shape, world.rekor(shape).options(), true);
                };
              });
  }
  table.bad("v2-checkpoint-other-origin", "the checkpoint is of a log with the same key and another origin",
            [](Play& play) {
              play.recipe.log = Shape::rekor_v2;
              play.recipe.entry = [&world = play.world](tlog::Entry& entry) {
                auto options = world.rekor(Shape::rekor_v2).options();
                options.host = "another." + options.host;
                entry.proof->checkpoint = checkpoint_of_another(world, Shape::rekor_v2, options, false);
              };
            });
}

// Notes that say more than they must.
void add_notes(Table& table) {
  for (const auto shape : {Shape::rekor_v1, Shape::rekor_v2}) {
    const std::string prefix = shape == Shape::rekor_v1 ? "v1-" : "v2-";
    const auto changed = [&](std::string name, std::string what,
                             std::function<void(Sigstore&, tlog::Note&)> change) {
      table.good(prefix + name, std::move(what), [shape, change](Play& play) {
        play.recipe.log = shape;
        play.recipe.entry = [&world = play.world, change](tlog::Entry& entry) {
          auto note = must(tlog::Note::parse(entry.proof->checkpoint));
          change(world, note);
          entry.proof->checkpoint = note.write();
        };
      });
    };
    changed("checkpoint-cosigned", "a witness signed the checkpoint too",
            [](Sigstore& world, tlog::Note& note) {
              must(tlog::sign_note(note, "witness.test", world.key("witness", crypto::KeyType::ed25519)));
            });
    changed("checkpoint-cosigned-first", "a witness that nobody knows stands before the log",
            [](Sigstore& world, tlog::Note& note) {
              must(tlog::sign_note(note, "witness.test", world.key("witness", crypto::KeyType::ed25519)));
              std::swap(note.signatures[0], note.signatures[1]);
            });
  }
  table.good("v2-checkpoint-line", "the checkpoint has a further line, which is signed", [](Play& play) {
    play.recipe.log = Shape::rekor_v2;
    play.recipe.entry = [&world = play.world](tlog::Entry& entry) {
      tlog::Note note{must(tlog::Note::parse(entry.proof->checkpoint)).text + "more 1\n", {}};
      auto& log = world.rekor(Shape::rekor_v2);
      must(tlog::sign_note(note, log.options().host, world.key("rekor2", crypto::KeyType::ed25519)));
      entry.proof->checkpoint = note.write();
    };
  });
  table.bad("v2-log-no-url", "the trusted root does not say whose host the log is", [](Play& play) {
    play.recipe.log = Shape::rekor_v2;
    play.root = [](trust::TrustedRoot& root) { root.tlogs[1].base_url.clear(); };
  });
  table.bad("v2-log-other-url", "the trusted root lists the log's key under another host", [](Play& play) {
    play.recipe.log = Shape::rekor_v2;
    play.root = [](trust::TrustedRoot& root) { root.tlogs[1].base_url = "https://another.test"; };
  });
  table.good("v2-log-url-port", "the log's address has a port and a path", [](Play& play) {
    play.recipe.log = Shape::rekor_v2;
    play.root = [](trust::TrustedRoot& root) { root.tlogs[1].base_url += ":3003/log"; };
  });
}

void add_promises(Table& table) {
  table.bad("promise-bit", "one bit of the promise is wrong", [](Play& play) {
    play.recipe.entry = [](tlog::Entry& entry) { entry.signed_entry_timestamp.back() ^= 1; };
  });
  table.bad("promise-of-another", "the promise is for another entry", [](Play& play) {
    const auto other = play.world.sign({.artifact = "another\n"});
    play.recipe.entry = [set = other.bundle.evidence.tlog_entries[0].signed_entry_timestamp](
                            tlog::Entry& entry) { entry.signed_entry_timestamp = set; };
  });
  table.bad("promise-other-time", "the time is not the one that was promised",
            [](Play& play) { play.recipe.entry = [](tlog::Entry& entry) { entry.integrated_time += 1; }; });
  table.bad("promise-other-index", "the index is not the one that was promised",
            [](Play& play) { play.recipe.entry = [](tlog::Entry& entry) { entry.log_index += 1; }; });
}

void add_logs(Table& table) {
  both(table, "unknown-log", "the log is that of another Sigstore",
       [](Play& play) { play.recipe.logged_by = &play.stranger; });
  both(table, "namesake-log", "the log has the right name and another key",
       [](Play& play) { play.recipe.logged_by = &play.namesake; });
  both(table, "disguised-log", "an entry of a namesake under the log id of the right one", [](Play& play) {
    play.recipe.logged_by = &play.namesake;
    const auto shape = *play.recipe.log;
    play.recipe.entry = [id = must(play.world.rekor(shape).entry(0, 1)).log_id](tlog::Entry& entry) {
      entry.log_id = id;
    };
  });
  both(table, "no-entry", "there is no log entry", [](Play& play) { play.recipe.log.reset(); });
  table.cases.pop_back();  // the same for both
  table.cases.back().name = "no-entry";
  both(table, "entry-twice", "the same log entry stands there twice", [](Play& play) {
    play.recipe.bundle = [](bundle::Bundle& bundle) {
      auto& entries = bundle.evidence.tlog_entries;
      entries.push_back(entries[0]);
    };
  });
  table.good("two-logs", "an entry of each log", [](Play& play) {
    Recipe& recipe = play.recipe;
    recipe.logging = [&play](Logged& logged) {
      auto& log = play.world.rekor(Shape::rekor_v2);
      const auto entry = must(
          log.append({"hashedrekord", "0.0.2",
                      tlog::write_hashedrekord_v002(logged.artifact, logged.signature, logged.key_details)},
                     play.world.now()));
      play.recipe.bundle = [entry](bundle::Bundle& bundle) { bundle.evidence.tlog_entries.push_back(entry); };
    };
  });
  const auto window = [&](bool good, std::string name, std::string what, std::chrono::seconds from,
                          std::chrono::seconds to) {
    const Script script = [from, to](Play& play) {
      play.recipe.timestamped = false;
      play.root = [now = play.world.now(), from, to](trust::TrustedRoot& root) {
        root.tlogs[0].valid = {now + from, now + to};
      };
    };
    good ? table.good(std::move(name), std::move(what), script)
         : table.bad(std::move(name), std::move(what), script);
  };
  using std::chrono::seconds;
  window(true, "log-window-exact", "the log's key counts in that second alone", seconds(0), seconds(0));
  window(false, "log-window-over", "the log's key counted to the second before", seconds(-9), seconds(-1));
  window(false, "log-window-ahead", "the log's key counts from the second after", seconds(1), seconds(9));
}

void add_bodies(Table& table) {
  both_proposals(table, "entry-other-artifact", "the entry is about another artifact",
                 [](Logged& logged) { logged.artifact.digest = crypto::sha256(as_bytes("another\n")); });
  both(table, "entry-other-signature",
       "the entry is about another signature of the same artifact by the same key", [](Play& play) {
         play.recipe.logging = [&key = play.world.key("signer"),
                                artifact = play.recipe.artifact](Logged& logged) {
           logged.signature.signature = must(key.sign(crypto::Scheme::ecdsa_sha256, as_bytes(artifact)));
         };
       });
  both(table, "entry-other-certificate", "the entry has another certificate of the same key", [](Play& play) {
    const auto other = play.world.sign({});
    play.recipe.logging = [der = other.certificate](Logged& logged) { logged.signature.certificate = der; };
  });
  both(table, "entry-key-for-certificate", "the entry has the bare key of the certificate", [](Play& play) {
    play.recipe.logging = [spki = play.world.key("signer").public_key().spki()](Logged& logged) {
      logged.signature.certificate.clear();
      logged.signature.key = spki;
    };
  });
  both(table, "entry-other-key", "the entry is of another key", [](Play& play) {
    play.recipe.keyless = false;
    play.recipe.logging = [spki = play.world.key("other").public_key().spki()](Logged& logged) {
      logged.signature.key = spki;
    };
  });
  table.bad("v1-entry-other-payload", "the dsse entry is of another payload", [](Play& play) {
    play.recipe.form = Form::envelope;
    play.recipe.logging = [](Logged& logged) { logged.payload.digest[0] ^= 1; };
  });
  table.bad("v1-entry-as-message", "the entry of an attestation is a hashedrekord of its bytes",
            [](Play& play) {
              play.recipe.form = Form::envelope;
              play.recipe.logging = [&play](Logged& logged) {
                play.recipe.body = [logged](std::string& body) {
                  body = tlog::write_hashedrekord_v001(logged.artifact, logged.signature);
                };
              };
              play.recipe.entry = [](tlog::Entry& entry) { entry.kind = "hashedrekord"; };
            });
  both(table, "entry-other-kind", "the entry claims to be of another kind than its body says",
       [](Play& play) { play.recipe.entry = [](tlog::Entry& entry) { entry.kind = "dsse"; }; });
  both(table, "entry-other-version", "the entry claims to be of another version than its body says",
       [](Play& play) { play.recipe.entry = [](tlog::Entry& entry) { entry.version = "0.0.9"; }; });
  both(table, "entry-no-json", "the body of the entry is no JSON",
       [](Play& play) { play.recipe.body = [](std::string& body) { body = "{"; }; });
  both(table, "entry-whole-other", "the entry is all of another signature", [](Play& play) {
    Recipe other;
    other.artifact = "another\n";
    other.log = play.recipe.log;
    play.recipe.entry = [entry = play.world.sign(other).bundle.evidence.tlog_entries[0]](tlog::Entry& mine) {
      mine = entry;
    };
  });
}

}  // namespace

void add_log(Table& table) {
  add_proofs(table);
  add_checkpoints(table);
  add_notes(table);
  add_promises(table);
  add_logs(table);
  add_bodies(table);
}

}  // namespace sigstore::authority::testing::internal
