// Certificates that nobody should believe, their authorities, and the promises of certificate logs.
#include "sigstore/authority/ca/extension.h"
#include "sigstore/authority/ct/certificate_log.h"
#include "sigstore/authority/testing/internal/must.h"
#include "sigstore/authority/testing/internal/table.h"

namespace sigstore::authority::testing::internal {
namespace {

using ca::CertificateTemplate;
using crypto::x509::GeneralName;
using std::chrono::seconds;
using Scts = std::vector<crypto::x509::Sct>;

void leaf(Table& table, bool good, std::string name, std::string what, Change<CertificateTemplate> change) {
  const Script script = [change = std::move(change)](Play& play) { play.recipe.leaf = change; };
  good ? table.good("leaf-" + name, std::move(what), script)
       : table.bad("leaf-" + name, std::move(what), script);
}
void bad_leaf(Table& table, std::string name, std::string what, Change<CertificateTemplate> change) {
  leaf(table, false, std::move(name), std::move(what), std::move(change));
}

void add_leaves(Table& table) {
  bad_leaf(table, "is-ca", "the signer's certificate is that of an authority", [](CertificateTemplate& made) {
    made.set(ca::basic_constraints(true));
    made.set(ca::key_usage(ca::digital_signature | ca::key_cert_sign));
  });
  bad_leaf(table, "no-eku", "the signer's certificate is for no use",
           [](CertificateTemplate& made) { made.remove(ca::oid::extended_key_usage); });
  bad_leaf(
      table, "eku-time-stamping", "the signer's certificate is for timestamps",
      [](CertificateTemplate& made) { made.set(ca::extended_key_usage({crypto::x509::time_stamping})); });
  bad_leaf(table, "eku-server", "the signer's certificate is for servers",
           [](CertificateTemplate& made) { made.set(ca::extended_key_usage({"1.3.6.1.5.5.7.3.1"})); });
  bad_leaf(table, "unknown-critical", "the signer's certificate has an unknown critical extension",
           [](CertificateTemplate& made) { made.extensions.push_back({"1.2.3.4.5", true, {5, 0}}); });
  leaf(table, true, "unknown-extension", "the signer's certificate has an unknown extension",
       [](CertificateTemplate& made) { made.extensions.push_back({"1.2.3.4.5", false, {5, 0}}); });
  leaf(table, true, "san-not-critical", "the signer's alternative name is not critical",
       [](CertificateTemplate& made) { made.find(ca::oid::subject_alternative_name)->critical = false; });
  bad_leaf(table, "extension-twice", "an extension stands in the signer's certificate twice",
           [](CertificateTemplate& made) { made.extensions.push_back(made.extensions[2]); });
  bad_leaf(table, "san-twice", "a second alternative name extension follows", [](CertificateTemplate& made) {
    made.extensions.push_back(ca::subject_alternative_name(
        {ca::encode(GeneralName{GeneralName::Kind::uri, "https://other.test"})}));
  });
  bad_leaf(table, "version-1", "the signer's certificate is of version 1 and has extensions",
           [](CertificateTemplate& made) { made.version = 1; });
  bad_leaf(table, "version-2", "the signer's certificate is of version 2 and has extensions",
           [](CertificateTemplate& made) { made.version = 2; });
  bad_leaf(table, "poison", "the signer's certificate is a precertificate",
           [](CertificateTemplate& made) { made.extensions.push_back(ca::precertificate_poison()); });
  bad_leaf(
      table, "issuer-name", "the signer's certificate names another issuer",
      [](CertificateTemplate& made) { made.issuer = ca::encode(ca::make_name("sigstore.test", "another")); });
  bad_leaf(table, "algorithm", "the signed part names another algorithm than the signature",
           [](CertificateTemplate& made) { made.stated_scheme = crypto::Scheme::ecdsa_sha384; });
  bad_leaf(table, "lives-backwards", "the signer's certificate ends before it begins",
           [](CertificateTemplate& made) { std::swap(made.validity.not_before, made.validity.not_after); });
  table.bad("leaf-signature", "one bit of the certificate's signature is wrong",
            [](Play& play) { play.recipe.certificate = [](Bytes& der) { der.back() ^= 1; }; });
  table.bad("leaf-trailing", "a byte follows the certificate",
            [](Play& play) { play.recipe.certificate = [](Bytes& der) { der.push_back(0); }; });
  table.bad("leaf-stranger", "the certificate is by another authority",
            [](Play& play) { play.recipe.certified_by = &play.stranger; });
  table.bad("leaf-namesake", "the certificate is by an authority of the same name",
            [](Play& play) { play.recipe.certified_by = &play.namesake; });
  table.bad("leaf-self-signed", "the signer certified itself under the authority's name", [](Play& play) {
    play.recipe.certificate = [&play](Bytes& der) {
      auto& key = play.world.key("signer");
      const Time now = play.world.now();
      auto own = ca::issuer_of(ca::root({key.public_key().spki(), {now, now + seconds(600)}, {7}}, {}), key);
      own.name = play.world.issuer().name;
      der = must(ca::issue(ca::code_signing({key.public_key().spki(), {now, now + seconds(600)}, {8}},
                                            play.recipe.identity, own),
                           own));
    };
  });
}

void add_authorities(Table& table) {
  const Time now = usual_time();
  const auto intermediate = [&](std::string name, std::string what, Change<CertificateTemplate> change) {
    World world;
    world.intermediate = std::move(change);
    table.bad("intermediate-" + name, std::move(what), [](Play&) {}, std::move(world));
  };
  intermediate("expired", "the intermediate had expired",
               [now](CertificateTemplate& made) { made.validity.not_after = now - seconds(1); });
  intermediate("ahead", "the intermediate was not yet valid",
               [now](CertificateTemplate& made) { made.validity.not_before = now + seconds(1); });
  intermediate("no-ca", "the intermediate is no authority",
               [](CertificateTemplate& made) { made.set(ca::basic_constraints(false)); });
  intermediate("unconstrained", "the intermediate does not say whether it is an authority",
               [](CertificateTemplate& made) { made.remove(ca::oid::basic_constraints); });
  intermediate("eku-time-stamping", "the intermediate is for timestamps", [](CertificateTemplate& made) {
    made.set(ca::extended_key_usage({crypto::x509::time_stamping}));
  });
  intermediate("key-usage", "the intermediate's key may not sign certificates",
               [](CertificateTemplate& made) { made.set(ca::key_usage(ca::digital_signature)); });
  intermediate("unknown-critical", "the intermediate has an unknown critical extension",
               [](CertificateTemplate& made) { made.extensions.push_back({"1.2.3.4.5", true, {5, 0}}); });
  intermediate("signature", "the intermediate's signature is wrong",
               [](CertificateTemplate& made) { made.stated_scheme.reset(), made.signature = Bytes(70, 1); });
  World world;
  world.root = [now](CertificateTemplate& made) { made.validity.not_after = now - seconds(1); };
  table.bad("root-expired", "the root had expired", [](Play&) {}, world);
  world.root = [](CertificateTemplate& made) { made.set(ca::basic_constraints(true, 0)); };
  table.bad("root-path-length", "the root allows no authority below it", [](Play&) {}, world);

  const auto trusted = [&](bool good, std::string name, std::string what,
                           Change<trust::CertificateAuthority> change) {
    const Script script = [change = std::move(change)](Play& play) {
      play.root = [change](trust::TrustedRoot& root) { change(root.certificate_authorities[0]); };
    };
    good ? table.good(std::move(name), std::move(what), script)
         : table.bad(std::move(name), std::move(what), script);
  };
  trusted(true, "ca-window-exact", "the authority counts in that second alone",
          [now](auto& authority) { authority.valid = {now, now}; });
  trusted(false, "ca-window-over", "the authority counted to the second before",
          [now](auto& authority) { authority.valid.end = now - seconds(1); });
  trusted(false, "ca-window-ahead", "the authority counts from the second after",
          [now](auto& authority) { authority.valid.start = now + seconds(1); });
  trusted(true, "ca-no-start", "the authority counts at any time",
          [](auto& authority) { authority.valid.start.reset(); });
  trusted(true, "ca-intermediate-alone", "the intermediate is trusted without its root",
          [](auto& authority) { authority.chain.pop_back(); });
  trusted(false, "ca-root-alone", "the root is trusted, and the intermediate is nowhere",
          [](auto& authority) { authority.chain.erase(authority.chain.begin()); });
  table.bad("ca-unlisted", "the trusted root has no authority", [](Play& play) {
    play.root = [](trust::TrustedRoot& root) { root.certificate_authorities.clear(); };
  });
  table.good("ca-second", "another authority is listed first", [](Play& play) {
    play.root = [other = play.stranger.trusted_root()](trust::TrustedRoot& root) {
      root.certificate_authorities.insert(root.certificate_authorities.begin(),
                                          other.certificate_authorities[0]);
    };
  });
}

void add_scts(Table& table) {
  table.bad("sct-missing", "no certificate log promised anything",
            [](Play& play) { play.recipe.promised = false; });
  table.bad("sct-none", "the list of promises is empty",
            [](Play& play) { play.recipe.scts = [](Scts& scts) { scts.clear(); }; });
  table.bad("sct-stranger", "the promise is by an unknown log",
            [](Play& play) { play.recipe.promised_by = {&play.stranger}; });
  table.bad("sct-disguised", "the promise is by an unknown log under the id of the right one",
            [](Play& play) {
              play.recipe.promised_by = {&play.stranger};
              play.recipe.scts = [id = ct::log_id(play.world.certificate_log().public_key())](Scts& scts) {
                scts[0].log_id = id;
              };
            });
  table.bad("sct-other-certificate", "the promise is for another certificate",
            [](Play& play) { play.recipe.promised_for_another = true; });
  table.bad("sct-bit", "one bit of the promise is wrong",
            [](Play& play) { play.recipe.scts = [](Scts& scts) { scts[0].signature.back() ^= 1; }; });
  table.bad("sct-other-time", "the time of the promise was changed", [](Play& play) {
    play.recipe.scts = [](Scts& scts) {
      scts[0].milliseconds += 1;
      scts[0].at += std::chrono::milliseconds(1);
    };
  });
  table.bad("sct-extensions", "an extension was added to the promise",
            [](Play& play) { play.recipe.scts = [](Scts& scts) { scts[0].extensions = {1, 2, 3}; }; });
  table.bad("sct-unlisted", "the trusted root has no certificate log",
            [](Play& play) { play.root = [](trust::TrustedRoot& root) { root.ctlogs.clear(); }; });
  table.good("sct-two", "two logs promised, one of them unknown",
             [](Play& play) { play.recipe.promised_by = {&play.stranger, nullptr}; });
  const auto window = [&](bool good, std::string name, std::string what, seconds from, seconds to) {
    const Script script = [from, to](Play& play) {
      play.root = [at = play.world.now(), from, to](trust::TrustedRoot& root) {
        root.ctlogs[0].valid = {at + from, at + to};
      };
    };
    good ? table.good(std::move(name), std::move(what), script)
         : table.bad(std::move(name), std::move(what), script);
  };
  window(true, "ct-window-exact", "the certificate log counts in that second alone", seconds(0), seconds(0));
  window(false, "ct-window-over", "the certificate log counted to the second before", seconds(-9),
         seconds(-1));
  window(false, "ct-window-ahead", "the certificate log counts from the second after", seconds(1),
         seconds(9));
}

void add_identities(Table& table) {
  const auto named = [&](std::string name, std::string what, GeneralName::Kind kind, std::string value) {
    table.good(std::move(name), std::move(what),
               [kind, value = std::move(value)](Play& play) { play.recipe.identity.name = {kind, value}; });
  };
  named("name-email", "the signer is an e-mail address", GeneralName::Kind::email, "dev@example.test");
  named("name-other", "the signer is a user name, as otherName", GeneralName::Kind::other,
        "user!example.test");
  named("name-dns", "the signer is a DNS name", GeneralName::Kind::dns, "signer.example.test");
  table.bad("identity-other", "the certificate is another signer's",
            [](Play& play) { play.question = [](Question& asked) { asked.identity += "x"; }; });
  table.bad("identity-case", "the signer's name is written in capitals",
            [](Play& play) { play.question = [](Question& asked) { asked.identity[0] = 'H'; }; });
  table.bad("issuer-other", "another issuer vouched for the signer",
            [](Play& play) { play.question = [](Question& asked) { asked.issuer += "x"; }; });
  bad_leaf(table, "no-name", "the certificate names no signer",
           [](CertificateTemplate& made) { made.remove(ca::oid::subject_alternative_name); });
  leaf(table, true, "issuer-old-form", "the issuer stands in the old extension alone",
       [](CertificateTemplate& made) { made.remove(ca::fulcio_oid(8)); });
  leaf(table, true, "issuer-new-form", "the issuer stands in the new extension alone",
       [](CertificateTemplate& made) { made.remove(ca::fulcio_oid(1)); });
  leaf(table, true, "issuer-disagrees", "the old extension names another issuer: the new one counts",
       [](CertificateTemplate& made) { made.set(ca::fulcio_claim(1, "https://another.test")); });
  bad_leaf(table, "issuer-only-old-agrees", "the new extension names another issuer",
           [](CertificateTemplate& made) { made.set(ca::fulcio_claim(8, "https://another.test")); });
  bad_leaf(table, "issuer-malformed", "the new extension of the issuer is no UTF8String",
           [](CertificateTemplate& made) {
             made.find(ca::fulcio_oid(8))->value = to_bytes("https://issuer.test");
           });
}

}  // namespace

void add_certificate(Table& table) {
  add_leaves(table);
  add_authorities(table);
  add_scts(table);
  add_identities(table);
}

}  // namespace sigstore::authority::testing::internal
