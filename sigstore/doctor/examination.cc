#include "sigstore/doctor/examination.h"

#include <algorithm>

#include "sigstore/doctor/trial.h"
#include "sigstore/store/tag_access.h"

namespace sigstore::doctor {
namespace {

using enum Finding;
using remote::Precondition;
using PreconditionKind = Precondition::Kind;

constexpr int referrer_looks = 3;
constexpr const char* strange_etag = "\"cosign-doctor\"";

Error wrong(std::string message) {
  return {Code::mismatch, std::move(message), {}, {}};
}

void settle(Check& check, Finding finding) {
  check.finding = finding;
}

void settle(Check& check, const Error& error) {
  check.finding = finding_of(error);
  check.error = error;
}

class Doctor {
 public:
  Doctor(remote::Registry& registry, const Env& env, const oci::Repository& repository,
         const Scratch& scratch, const ExaminationOptions& options)
      : trial_(registry, env, repository), scratch_(scratch), options_(options) {}

  Examination run();

 private:
  using Step = void (Doctor::*)();

  void ping();
  void push();
  void pull();
  void absent_tag();
  void list_tags();
  void move_tag();
  void conditions();
  void sig();
  void bundle();
  void referrers();
  void fallback();
  void delete_tag();
  void delete_manifest();
  void delete_blob();

  Result<void> push_all(const std::vector<std::string>& blobs);
  // Writes `piece` to a tag that names something else, and looks whether it does then.
  void move(Check& check, const std::string& tag, const Piece& piece);
  // Whether a write is answered with "the condition does not hold"; an error where something else went wrong.
  Result<bool> is_stopped(const Piece& piece, const Precondition& condition);
  Result<bool> passes_with_its_etag();
  Result<Finding> try_conditions();

  Trial trial_;
  const Scratch& scratch_;
  const ExaminationOptions& options_;
  Findings f_;
  bool spare_pushed_ = false;
};

void Doctor::ping() {
  const auto pinged = trial_.again([&] { return trial_.registry().ping(trial_.repository().registry); });
  if (pinged)
    settle(f_.ping, works);
  else
    settle(f_.ping, pinged.error());
}

Result<void> Doctor::push_all(const std::vector<std::string>& blobs) {
  for (const std::string& blob : blobs) TRY_OK(trial_.push_blob(blob));
  return {};
}

// Where nobody is let in without a login, GET /v2/ may still refuse what a push is allowed.
void Doctor::push() {
  if (f_.ping.finding == failed) return;
  auto done = push_all(scratch_.blobs);
  if (done)
    if (const auto put = trial_.push(scratch_.tag, scratch_.image); !put) done = fail(put.error());
  if (done)
    settle(f_.push, works);
  else
    settle(f_.push, done.error());
}

void Doctor::pull() {
  if (!f_.push.works()) return;
  const auto shows = trial_.shows(scratch_.tag, scratch_.image);
  const auto by_digest = trial_.read(scratch_.image.digest().text());
  oci::Descriptor layer;
  layer.digest = oci::Digest::sha256(scratch_.blobs[1]);
  layer.size = scratch_.blobs[1].size();
  const auto blob =
      trial_.again([&] { return trial_.registry().blob(trial_.repository(), layer, layer.size); });
  if (!shows)
    settle(f_.pull, shows.error());
  else if (!by_digest)
    settle(f_.pull, by_digest.error());
  else if (!blob)
    settle(f_.pull, blob.error());
  else if (!*shows)
    settle(f_.pull, wrong("the tag names something else than what was pushed"));
  else
    settle(f_.pull, works);
}

void Doctor::absent_tag() {
  if (!f_.push.works()) return;
  const auto content = trial_.read(scratch_.absent_tag);
  if (content) {
    settle(f_.absent_tag, wrong("there is something under a tag that nobody made"));
    return;
  }
  const Error& error = content.error();
  settle(f_.absent_tag, error);
  if (error.code == Code::not_found) {
    f_.absent_tag = {f_.absent_tag.id, works};
  } else if (error.code == Code::unauthorized || error.code == Code::forbidden) {
    f_.absent_tag.finding = hidden;
  }
}

void Doctor::list_tags() {
  if (!f_.push.works()) return;
  const auto tags = trial_.again([&] { return trial_.registry().tags(trial_.repository()); });
  if (!tags)
    settle(f_.list_tags, tags.error());
  else
    settle(f_.list_tags, std::ranges::find(*tags, scratch_.tag) == tags->end() ? empty : works);
}

// What was taken the first time and is refused the second time is refused for being there.
void Doctor::move(Check& check, const std::string& tag, const Piece& piece) {
  const auto put = trial_.push(tag, piece);
  if (!put) {
    settle(check, put.error());
    if (check.finding == refused) check.finding = fixed;
    return;
  }
  const auto shows = trial_.shows(tag, piece);
  if (!shows)
    settle(check, shows.error());
  else
    settle(check, *shows ? works : ignored);
}

void Doctor::move_tag() {
  if (f_.push.works()) move(f_.move_tag, scratch_.tag, scratch_.other);
}

Result<bool> Doctor::is_stopped(const Piece& piece, const Precondition& condition) {
  const auto put = trial_.push(scratch_.tag, piece, condition);
  if (put) return false;
  if (put.error().code == Code::conflict) return true;
  return fail(put.error());
}

// True also where there is no entity tag, or a weak one, which never matches.
Result<bool> Doctor::passes_with_its_etag() {
  TRY(const auto content, trial_.read(scratch_.tag));
  if (content.etag.empty() || content.etag.starts_with("W/")) return true;
  const Piece& next = content.bytes == scratch_.image.content ? scratch_.other : scratch_.image;
  TRY(const bool stopped, is_stopped(next, {PreconditionKind::unchanged, content.etag}));
  return !stopped;
}

Result<Finding> Doctor::try_conditions() {
  TRY(const bool absent_held, is_stopped(scratch_.image, {PreconditionKind::absent, {}}));
  TRY(const bool unchanged_held, is_stopped(scratch_.image, {PreconditionKind::unchanged, strange_etag}));
  if (!absent_held && !unchanged_held) return ignored;
  if (!absent_held || !unchanged_held) return partly;
  TRY(const bool passes, passes_with_its_etag());
  return passes ? works : refused;
}

void Doctor::conditions() {
  if (!f_.move_tag.works()) return;
  const auto found = try_conditions();
  if (found)
    settle(f_.conditions, *found);
  else
    settle(f_.conditions, found.error());
}

void Doctor::sig() {
  if (!f_.push.works()) return;
  if (const auto put = trial_.push(scratch_.sig_tag, scratch_.sig); !put) {
    settle(f_.sig, put.error());
    return;
  }
  settle(f_.sig, works);
  move(f_.sig_again, scratch_.sig_tag, scratch_.two_sigs);
}

void Doctor::bundle() {
  if (!f_.push.works()) return;
  auto blobs = trial_.push_shared_blob(shared_blob);
  if (blobs) blobs = push_all(scratch_.bundle_blobs);
  if (!blobs) return settle(f_.subject, blobs.error());
  const auto put = trial_.push(scratch_.bundle.digest().text(), scratch_.bundle);
  if (!put) return settle(f_.subject, put.error());
  settle(f_.subject, works);
  settle(f_.subject_named, put->subject_acknowledged ? works : absent);
  (void)trial_.push(scratch_.second_bundle.digest().text(), scratch_.second_bundle);
}

// A list may come to show it late.
void Doctor::referrers() {
  if (!f_.subject.works()) return;
  for (int look = 1;; ++look) {
    const auto answer = trial_.again(
        [&] { return trial_.registry().referrers(trial_.repository(), scratch_.image.digest()); });
    if (!answer) return settle(f_.referrers, answer.error());
    if (!answer->api) return settle(f_.referrers, absent);
    const auto& listed = answer->descriptors;
    if (std::ranges::find(listed, scratch_.bundle.digest(), &oci::Descriptor::digest) != listed.end())
      return settle(f_.referrers, works);
    if (look == referrer_looks || !trial_.pause(look)) return settle(f_.referrers, empty);
  }
}

void Doctor::fallback() {
  if (!f_.subject.works()) return;
  if (const auto put = trial_.push(scratch_.fallback_tag, scratch_.index); !put) {
    settle(f_.fallback, put.error());
    return;
  }
  settle(f_.fallback, works);
  move(f_.fallback_again, scratch_.fallback_tag, scratch_.index_of_two);
}

void Doctor::delete_tag() {
  if (!f_.push.works()) return;
  for (const std::string& tag : {scratch_.other_tag, scratch_.third_tag})
    if (const auto put = trial_.push(tag, scratch_.spare); !put) return settle(f_.delete_tag, put.error());
  spare_pushed_ = true;
  const auto removed = trial_.again(
      [&] { return trial_.registry().delete_manifest(trial_.repository(), scratch_.other_tag); });
  if (!removed) return settle(f_.delete_tag, removed.error());
  const auto gone = trial_.gone(scratch_.other_tag);
  if (!gone) return settle(f_.delete_tag, gone.error());
  if (!*gone) return settle(f_.delete_tag, ignored);
  settle(f_.delete_tag, trial_.read(scratch_.third_tag) ? works : whole);
}

void Doctor::delete_manifest() {
  if (!spare_pushed_) return;
  const std::string digest = scratch_.spare.digest().text();
  if (f_.delete_tag.finding == whole)
    if (const auto put = trial_.push(digest, scratch_.spare); !put)
      return settle(f_.delete_manifest, put.error());
  const auto removed =
      trial_.again([&] { return trial_.registry().delete_manifest(trial_.repository(), digest); });
  if (!removed) return settle(f_.delete_manifest, removed.error());
  const auto gone = trial_.gone(digest);
  if (!gone) return settle(f_.delete_manifest, gone.error());
  settle(f_.delete_manifest, *gone ? works : ignored);
}

void Doctor::delete_blob() {
  if (!spare_pushed_) return;
  oci::Descriptor blob;
  blob.digest = oci::Digest::sha256(scratch_.spare_blob);
  blob.size = scratch_.spare_blob.size();
  const auto removed =
      trial_.again([&] { return trial_.registry().delete_blob(trial_.repository(), blob.digest); });
  if (!removed) return settle(f_.delete_blob, removed.error());
  const auto gone = trial_.blob_gone(blob);
  if (!gone) return settle(f_.delete_blob, gone.error());
  settle(f_.delete_blob, *gone ? works : ignored);
}

Examination Doctor::run() {
  constexpr std::pair<std::string_view, Step> steps[] = {{"the login", &Doctor::ping},
                                                         {"pushing", &Doctor::push},
                                                         {"pulling", &Doctor::pull},
                                                         {"a tag that is not there", &Doctor::absent_tag},
                                                         {"the list of tags", &Doctor::list_tags},
                                                         {"tags that move", &Doctor::move_tag},
                                                         {"conditions", &Doctor::conditions},
                                                         {".sig tags", &Doctor::sig},
                                                         {"bundles", &Doctor::bundle},
                                                         {"the referrers API", &Doctor::referrers},
                                                         {"the fallback tag", &Doctor::fallback},
                                                         {"deleting a tag", &Doctor::delete_tag},
                                                         {"deleting a manifest", &Doctor::delete_manifest},
                                                         {"deleting a blob", &Doctor::delete_blob}};
  Examination examination;
  for (const auto& [what, step] : steps) {
    if (trial_.interrupted()) break;
    if (options_.step) options_.step(what);
    (this->*step)();
  }
  if (options_.step && !trial_.interrupted()) options_.step("cleaning up");
  examination.interrupted = trial_.interrupted();
  examination.left = trial_.clean_up();
  examination.findings = f_;
  return examination;
}

}  // namespace

Examination examine(remote::Registry& registry, const Env& env, const oci::Repository& repository,
                    const Scratch& scratch, const ExaminationOptions& options) {
  return Doctor(registry, env, repository, scratch, options).run();
}

}  // namespace sigstore::doctor
