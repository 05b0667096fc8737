// What is kept, as a state that others are told; and who says that it may be used. For trust_cache only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/trust_cache/cache.h"
#include "sigstore/trust_cache/internal/overlay.h"

namespace sigstore::trust_cache {

// A State of what `updater` trusts now, without targets.
State state_of(const tuf::Updater& updater, const Place& place, const Shelf& shelf);

// What is kept, verified; nobody is asked. nullopt when it is not whole, or has expired and `expired_counts`
// is not set, or when a target that is vouched for is not there; with `expired_counts` such a target is among
// the lost.
Result<std::optional<State>> read_kept(const Shelf& shelf, const Place& place, Time now,
                                       const std::vector<std::string>& names, bool expired_counts);

// The first file that keeps what is kept from being whole; nullopt when nothing is kept (but its targets), or
// when the four roles are.
std::optional<std::pair<std::string, Flaw>> first_flaw(const Shelf& shelf, const Place& place, Time now);

// Whether what is kept was begun from the root that somebody named; true when nobody named one.
bool begun_from(const Shelf& shelf, const Place& place);
// What is kept beside a mirror's folder for that: the root's SHA-256 in hexadecimal, and a line feed.
inline constexpr const char* start_ending = ".START";
std::string start_text(std::string_view root);

// When the mirror was asked last, as sigstore-go keeps it beside the mirror's folder too:
// {"lastTimestamp":…}.
inline constexpr const char* asked_ending = ".json";
std::optional<Time> last_asked(const Shelf& shelf);
std::string asked_text(Time now);

// What has expired, or soon will: root and targets of any mirror, all roles of one that nobody refreshes (a
// folder or file). One line at most.
std::vector<std::string> expiry_notices(const State& state, Time now);
// The first of `state` to expire; it has trusted roles.
std::pair<std::string, Time> first_to_expire(const State& state);

}  // namespace sigstore::trust_cache
