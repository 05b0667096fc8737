// What was tried in a registry and what came of it, and what that means for signatures. Pure values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/result.h"

namespace sigstore::doctor {

enum class Finding {
  untried,  // something before it did not work
  works,    // as the specification has it
  refused,  // the registry does not take it; Check::error says how
  failed,   // nobody knows: no answer, or an error that may pass
  hidden,   // of what is not there: 401 or 403 instead of 404
  absent,   // there is no such interface
  empty,    // a list that does not show what was pushed
  fixed,    // a tag that exists does not change
  ignored,  // the answer is right, and nothing came of it
  partly,   // conditions: some hold, others do not
  whole     // deleting a tag deletes its manifest, with all of its tags
};
std::string_view name(Finding finding);  // "untried", …: part of the JSON report

struct Check {
  std::string_view id = {};  // "push", "referrers": part of the JSON report
  Finding finding = Finding::untried;
  std::optional<Error> error = {};  // what the registry said

  [[nodiscard]] bool works() const { return finding == Finding::works; }
};

// In the order in which they are tried.
struct Findings {
  Check ping{"ping"};
  Check push{"push"};                       // blobs, and an image manifest under a tag
  Check pull{"pull"};                       // the same, by tag and by digest
  Check absent_tag{"absentTag"};            // what is said of a tag that is not there
  Check list_tags{"listTags"};              // and whether the list names what was pushed
  Check move_tag{"moveTag"};                // a tag that exists is written again
  Check conditions{"conditions"};           // If-Match and If-None-Match; the last write wins where ignored
  Check sig{"sigTag"};                      // a manifest of signatures under `sha256-<hex>.sig`
  Check sig_again{"sigTagAgain"};           // the same with a second signature
  Check subject{"subject"};                 // a bundle's manifest, with `subject` and `artifactType`
  Check subject_named{"subjectNamed"};      // OCI-Subject in the answer to that
  Check referrers{"referrers"};             // the referrers API lists it
  Check fallback{"fallbackTag"};            // an index under `sha256-<hex>`
  Check fallback_again{"fallbackAgain"};    // the same with a second referrer
  Check delete_tag{"deleteTag"};            // a tag goes, and the manifest's other tag stays
  Check delete_manifest{"deleteManifest"};  // by digest
  Check delete_blob{"deleteBlob"};

  [[nodiscard]] std::vector<const Check*> all() const;
};

// What came of one check, in a sentence for people.
std::string sentence(const Check& check);

// Whether a format of signatures can be kept there.
struct Form {
  enum class Place { none, tag, api, fallback_tag };
  Place place = Place::none;  // where its signatures would be
  bool works = false;         // an image can be signed
  bool more = false;          // and signed again
  std::string why;            // one sentence
};
std::string_view name(Form::Place place);  // "none", "tag", "referrersApi", "fallbackTag"

struct Conclusion {
  Form sig, bundle;
  std::vector<std::string> advice;  // what to do here, the most important first; never empty
  [[nodiscard]] bool some_form_works() const { return sig.works || bundle.works; }
};

Conclusion conclude(const Findings& findings);

}  // namespace sigstore::doctor
