// One digest: what stands beside it is looked at, and what the old key signed is signed once more.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/check/pipeline.h"
#include "sigstore/crypto/key.h"
#include "sigstore/rotate/stock.h"
#include "sigstore/store/artifact_store.h"

namespace sigstore::rotate {

// One thing that the old key signed.
struct Entry {
  enum class State {
    already,  // the new key has signed the same before
    made,     // and now it has
    pending,  // it would (a dry run)
    failed    // `error`
  };
  State state = State::pending;
  store::Format format = store::Format::simple_signing;
  bool attestation = false;
  bool logged = false;  // the old one comes with proof of an entry in a log, which no new one has
  std::string type;     // of an attestation its predicate type
  std::string old_location, new_location;
  std::optional<Error> error;
};
std::string_view name(Entry::State state);

// What became of one digest.
struct Outcome {
  enum class State {
    rotated,      // all that the old key signed is signed by the new key, some of it since now
    already,      // the same, and nothing was to be done
    pending,      // some of it would be signed (a dry run)
    failed,       // not all of it, or what stands there is not known
    new_alone,    // the old key signed nothing, the new key did
    others,       // neither did, somebody else did
    bare,         // nothing is signed
    gone,         // only its signatures are there, or they are of an image elsewhere
    not_reached,  // the run ended before
  };
  Found found;
  State state = State::not_reached;
  std::vector<Entry> entries;  // by the old key, each content once
  std::size_t by_new = 0;      // signatures and attestations of the new key, those made now too
  std::size_t by_others = 0;   // and of nobody that is known here
  std::optional<Error> error;  // what could not be asked, or the first that failed
  std::vector<std::string> notes;
};
std::string_view name(Outcome::State state);

// What it is done with. Thread-safe, as its parts are.
struct Hands {
  remote::Registry& registry;
  check::Stores stores;  // one of each format
  verify::TrustedKey old_key, new_key;
  crypto::Signer* signer = nullptr;  // of `new_key`; nullptr: a dry run
};

// What is signed is, byte for byte, what the old key signed over this digest: identity, annotations and
// predicates stay. In a place that could not be asked nothing is signed, in the others it is. What is not
// about `found`, or is no signature or attestation at all, is never signed, whoever signed it. Nothing is
// removed.
Outcome sign_again(const Hands& hands, const Place& place, const Found& found);

}  // namespace sigstore::rotate
