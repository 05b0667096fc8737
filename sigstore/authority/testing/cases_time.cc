// Times that are not proven, or proven too late: timestamps, and the ends of every window.
#include "sigstore/authority/ca/extension.h"
#include "sigstore/authority/testing/internal/table.h"

namespace sigstore::authority::testing::internal {
namespace {

using log::Shape;
using std::chrono::minutes;
using std::chrono::seconds;

// The timestamp is all that proves the time.
void only_timestamp(Play& play) {
  play.recipe.log = Shape::rekor_v2;
}
void only_promise(Play& play) {
  play.recipe.timestamped = false;
}

void bad_timestamp(Table& table, std::string name, std::string what, const Script& script, World world = {}) {
  table.bad(
      std::move(name), std::move(what),
      [script](Play& play) {
        only_timestamp(play);
        script(play);
      },
      std::move(world));
}

void add_timestamps(Table& table) {
  bad_timestamp(table, "timestamp-missing", "nothing proves the time",
                [](Play& play) { play.recipe.timestamped = false; });
  bad_timestamp(table, "timestamp-other-bytes", "the timestamp is for other bytes",
                [](Play& play) { play.recipe.timestamp_instead = "other bytes"; });
  bad_timestamp(table, "timestamp-of-artifact", "the timestamp is for the artifact, not for its signature",
                [](Play& play) { play.recipe.timestamp_instead = play.recipe.artifact; });
  bad_timestamp(table, "timestamp-stranger", "the timestamp is by another authority",
                [](Play& play) { play.recipe.timestamped_by = &play.stranger; });
  bad_timestamp(table, "timestamp-namesake", "the timestamp is by an authority of the same name",
                [](Play& play) {
                  play.recipe.timestamped_by = &play.namesake;
                  play.recipe.timestamping.embeds_certificate = true;
                });
  const auto bad_token = [&](std::string name, std::string what, Change<tsa::TokenTemplate> change) {
    bad_timestamp(table, std::move(name), std::move(what),
                  [change](Play& play) { play.recipe.timestamping.token = change; });
  };
  bad_token("timestamp-digest", "the timestamp's message digest is not that of its content",
            [](tsa::TokenTemplate& token) { token.signers[0].message_digest = Bytes(32, 1); });
  bad_token("timestamp-no-certificate-id", "the timestamp does not say which certificate signed it",
            [](tsa::TokenTemplate& token) {
              std::erase_if(token.signers[0].attributes, [](const tsa::Attribute& attribute) {
                return attribute.oid == tsa::oid::signing_certificate_v2;
              });
            });
  bad_token("timestamp-no-signer", "nobody signed the timestamp",
            [](tsa::TokenTemplate& token) { token.signers.clear(); });
  bad_token("timestamp-two-signers", "the timestamp was signed twice", [](tsa::TokenTemplate& token) {
    const auto first = token.signers[0];
    token.signers.push_back(first);
  });
  bad_token("timestamp-content-type", "what was signed is no timestamp",
            [](tsa::TokenTemplate& token) { token.content_type = tsa::oid::data; });
  bad_timestamp(table, "timestamp-bit", "one bit of the timestamp's signature is wrong",
                [](Play& play) { play.recipe.timestamp = [](Bytes& token) { token.back() ^= 1; }; });
  bad_timestamp(table, "timestamp-cut", "the timestamp is cut short",
                [](Play& play) { play.recipe.timestamp = [](Bytes& token) { token.pop_back(); }; });
  bad_timestamp(table, "timestamp-unlisted", "the trusted root has no timestamp authority", [](Play& play) {
    play.root = [](trust::TrustedRoot& root) { root.timestamp_authorities.clear(); };
  });
  table.bad("v1-no-promise-no-timestamp", "Rekor v1 without a promise, and no timestamp", [](Play& play) {
    only_promise(play);
    play.recipe.entry = [](tlog::Entry& entry) { entry.signed_entry_timestamp.clear(); };
  });
  table.good(
      "timestamp-and-another", "one timestamp of the authority, one of an unknown one", [](Play& play) {
        only_timestamp(play);
        play.recipe.bundle = [&play](bundle::Bundle& bundle) {
          auto& all = bundle.evidence.timestamps;
          all.insert(all.begin(), play.stranger.timestamp(as_text(bundle.signature), play.world.now()));
        };
      });
}

void add_authorities(Table& table) {
  World world;
  const Time now = world.now;
  const auto of_leaf = [&](std::string name, std::string what, Change<ca::CertificateTemplate> change) {
    World changed;
    changed.tsa = std::move(change);
    bad_timestamp(table, std::move(name), std::move(what), [](Play&) {}, std::move(changed));
  };
  of_leaf("tsa-expired", "the authority's certificate had expired",
          [now](ca::CertificateTemplate& tsa) { tsa.validity.not_after = now - seconds(1); });
  of_leaf("tsa-ahead", "the authority's certificate was not yet valid",
          [now](ca::CertificateTemplate& tsa) { tsa.validity.not_before = now + seconds(1); });
  of_leaf("tsa-eku-missing", "the authority's certificate has no extended key usage",
          [](ca::CertificateTemplate& tsa) { tsa.remove(ca::oid::extended_key_usage); });
  of_leaf("tsa-eku-not-critical", "the authority's extended key usage is not critical",
          [](ca::CertificateTemplate& tsa) {
            tsa.set(ca::extended_key_usage({crypto::x509::time_stamping}, false));
          });
  of_leaf("tsa-eku-code-signing", "the authority's certificate is for code signing",
          [](ca::CertificateTemplate& tsa) {
            tsa.set(ca::extended_key_usage({crypto::x509::code_signing}, true));
          });
  of_leaf("tsa-eku-two", "the authority's certificate is also for code signing",
          [](ca::CertificateTemplate& tsa) {
            tsa.set(ca::extended_key_usage({crypto::x509::time_stamping, crypto::x509::code_signing}, true));
          });
  World root;
  root.tsa_root = [now](ca::CertificateTemplate& made) { made.validity.not_after = now - seconds(1); };
  bad_timestamp(table, "tsa-root-expired", "the root of the authority had expired", [](Play&) {}, root);

  const auto window = [&](bool good, std::string name, std::string what, seconds from, seconds to) {
    const Script script = [from, to](Play& play) {
      only_timestamp(play);
      play.root = [at = play.world.now(), from, to](trust::TrustedRoot& trusted) {
        trusted.timestamp_authorities[0].valid = {at + from, at + to};
      };
    };
    good ? table.good(std::move(name), std::move(what), script)
         : table.bad(std::move(name), std::move(what), script);
  };
  window(true, "tsa-window-exact", "the authority counts in that second alone", seconds(0), seconds(0));
  window(false, "tsa-window-over", "the authority counted to the second before", seconds(-9), seconds(-1));
  window(false, "tsa-window-ahead", "the authority counts from the second after", seconds(1), seconds(9));
}

// When the certificate was valid, seen from the proven time.
void add_certificate_times(Table& table) {
  const auto certified = [&](bool good, std::string name, std::string what, seconds before) {
    for (const bool v2 : {false, true}) {
      const Script script = [before, v2](Play& play) {
        v2 ? only_timestamp(play) : only_promise(play);
        play.recipe.certified_at = play.world.now() - before;
      };
      const std::string full = (v2 ? "timestamp-" : "promise-") + name;
      good ? table.good(full, what, script) : table.bad(full, what, script);
    }
  };
  certified(true, "at-first-second", "signed in the first second of the certificate", seconds(0));
  certified(true, "at-last-second", "signed in the last second of the certificate", minutes(10));
  certified(false, "before-first-second", "signed in the second before the certificate", seconds(-1));
  certified(false, "after-last-second", "signed in the second after the certificate",
            minutes(10) + seconds(1));
  table.bad("times-disagree-promise", "the log's time is after the certificate, the timestamp in it",
            [](Play& play) { play.recipe.integrated_at = play.world.now() + minutes(11); });
  table.bad("times-disagree-timestamp", "the timestamp is after the certificate, the log's time in it",
            [](Play& play) { play.recipe.timestamped_at = play.world.now() + minutes(11); });
}

}  // namespace

void add_time(Table& table) {
  add_timestamps(table);
  add_authorities(table);
  add_certificate_times(table);
}

}  // namespace sigstore::authority::testing::internal
