#include "sigstore/doctor/findings.h"

#include <array>

namespace sigstore::doctor {
namespace {

using enum Finding;

struct Sentence {
  std::string_view id;
  Finding finding;
  std::string_view text;
};

constexpr std::array sentences = {
    Sentence{"ping", works, "it answers, and lets us in"},
    Sentence{"ping", refused, "it does not let us in"},
    Sentence{"push", works, "blobs and manifests can be pushed"},
    Sentence{"push", refused, "nothing can be pushed"},
    Sentence{"pull", works, "what was pushed comes back, by tag and by digest"},
    Sentence{"pull", refused, "what was pushed does not come back"},
    Sentence{"absentTag", works, "a tag that is not there is told as such (404)"},
    Sentence{
        "absentTag", hidden,
        "a tag that is not there looks like one that we may not read (401 or 403): only the list of tags "
        "tells them apart"},
    Sentence{"absentTag", refused, "what is asked of a tag that is not there has a strange answer"},
    Sentence{"listTags", works, "the tags can be listed"},
    Sentence{"listTags", refused, "the tags cannot be listed"},
    Sentence{"listTags", empty, "the list of tags does not name what was just pushed"},
    Sentence{"moveTag", works, "a tag can be written again"},
    Sentence{"moveTag", fixed, "a tag that is there cannot be written again: tags are immutable"},
    Sentence{"moveTag", ignored, "a tag stays as it was, although the registry says that it was written"},
    Sentence{"conditions", works,
             "If-Match and If-None-Match are honoured: who writes at the same time as others is told"},
    Sentence{"conditions", ignored, "If-Match and If-None-Match are ignored: the last write wins"},
    Sentence{"conditions", partly,
             "of If-Match and If-None-Match one is honoured and the other not: the last write may win"},
    Sentence{"conditions", refused, "conditions are refused also where they hold"},
    Sentence{"sigTag", works, "a manifest of signatures under a .sig tag is taken"},
    Sentence{"sigTag", refused, "a manifest of signatures under a .sig tag is not taken"},
    Sentence{"sigTagAgain", works, "a second signature can be added to a .sig tag"},
    Sentence{"sigTagAgain", fixed, "nothing can be added to a .sig tag that is there"},
    Sentence{"sigTagAgain", ignored, "what is added to a .sig tag is lost, although the registry took it"},
    Sentence{"subject", works, "a manifest with a subject and an artifact type (OCI 1.1) is taken"},
    Sentence{"subject", refused, "a manifest with a subject and an artifact type (OCI 1.1) is not taken"},
    Sentence{"subjectNamed", works, "its answer says that it understood the subject (OCI-Subject)"},
    Sentence{"subjectNamed", absent, "its answer does not say that it understood the subject (OCI-Subject)"},
    Sentence{"referrers", works, "the referrers API lists it"},
    Sentence{"referrers", empty,
             "the referrers API answers 200 and does not list it: that list is not kept, and cannot be "
             "believed"},
    Sentence{"referrers", absent, "there is no referrers API"},
    Sentence{"referrers", refused, "the referrers API cannot be asked"},
    Sentence{"fallbackTag", works, "an index of referrers under the fallback tag is taken"},
    Sentence{"fallbackTag", refused, "an index of referrers under the fallback tag is not taken"},
    Sentence{"fallbackAgain", works, "a second referrer can be added to the fallback tag"},
    Sentence{"fallbackAgain", fixed, "nothing can be added to a fallback tag that is there"},
    Sentence{"fallbackAgain", ignored,
             "what is added to the fallback tag is lost, although the registry took it"},
    Sentence{"deleteTag", works, "a tag can be deleted, and the manifest's other tags stay"},
    Sentence{"deleteTag", whole, "to delete a tag deletes its manifest, with all of its tags"},
    Sentence{"deleteTag", refused, "tags cannot be deleted"},
    Sentence{"deleteTag", ignored, "a tag that was deleted is still there"},
    Sentence{"deleteManifest", works, "manifests can be deleted"},
    Sentence{"deleteManifest", refused, "manifests cannot be deleted"},
    Sentence{"deleteManifest", ignored, "a manifest that was deleted is still there"},
    Sentence{"deleteBlob", works, "blobs can be deleted"},
    Sentence{"deleteBlob", refused,
             "blobs cannot be deleted: the registry collects those that nothing names"},
    Sentence{"deleteBlob", ignored, "a blob that was deleted is still there"},
};

Form sig_form(const Findings& f) {
  Form form{Form::Place::tag, f.sig.works(), f.sig_again.works(), {}};
  if (form.more) {
    form.why = "the registry takes .sig tags and lets them change";
  } else if (form.works) {
    form.why = "an image can be signed once: " + sentence(f.sig_again);
  } else {
    form.place = Form::Place::none;
    form.why = f.sig.finding == untried ? sentence(f.push) : sentence(f.sig);
  }
  return form;
}

Form in_fallback_tag(const Findings& f) {
  Form form{Form::Place::fallback_tag, f.fallback.works(), f.fallback_again.works(), {}};
  const std::string without =
      f.referrers.finding == empty ? "the referrers API keeps nothing" : sentence(f.referrers);
  if (form.more) {
    form.why = without + ", but the fallback tag is taken and may change";
  } else if (form.works) {
    form.why = "an image can be signed once: " + without + ", and " + sentence(f.fallback_again);
  } else {
    form.place = Form::Place::none;
    form.why = without + ", and " + sentence(f.fallback);
  }
  return form;
}

Form bundle_form(const Findings& f) {
  if (!f.subject.works())
    return {Form::Place::none, false, false,
            f.subject.finding == untried ? sentence(f.push) : sentence(f.subject)};
  if (f.referrers.works()) return {Form::Place::api, true, true, "the registry lists referrers itself"};
  return in_fallback_tag(f);
}

std::string which_format(const Conclusion& c) {
  if (c.sig.more) return "cosign sign needs no flag here: it writes .sig tags, which every cosign reads";
  if (c.bundle.more) return "sign with --signature-format bundle";
  if (c.sig.works || c.bundle.works)
    return std::string(
        "let tags that begin with sha256- change, or keep the signatures in another "
        "repository: COSIGN_REPOSITORY=REGISTRY/REPOSITORY");
  return "keep the signatures where they are taken: COSIGN_REPOSITORY=REGISTRY/REPOSITORY";
}

bool writes_shared_tags(const Conclusion& c) {
  return c.sig.more || (c.bundle.more && c.bundle.place == Form::Place::fallback_tag);
}

void advise(const Findings& f, Conclusion& c) {
  if (f.push.finding == failed || f.ping.finding == failed) {
    c.advice.emplace_back("ask again when the registry answers");
    return;
  }
  if (!f.push.works()) {
    const auto& error = f.push.error ? f.push.error : f.ping.error;
    c.advice.push_back(error && !error->hint.empty() ? error->hint : "ask whoever runs the registry");
    return;
  }
  c.advice.push_back(which_format(c));
  const bool unconditional = f.conditions.finding == ignored || f.conditions.finding == partly;
  if (unconditional && writes_shared_tags(c))
    c.advice.emplace_back(
        f.list_tags.works()
            ? "where several may sign an image at the same time, sign with --own-tags: conditions do not "
              "protect them here"
            : "let only one sign an image at a time: conditions do not protect them here, and --own-tags "
              "needs the list of tags");
  if (f.referrers.finding == empty && c.bundle.works)
    c.advice.emplace_back(
        "Sigstore's own cosign believes the empty list and finds no bundle here: for it, use .sig tags");
  if (f.absent_tag.finding == hidden && !f.list_tags.works())
    c.advice.emplace_back(
        "let the account list tags: without that nobody can tell an absent signature from one that may not "
        "be read");
  if (f.delete_tag.finding == refused && f.delete_manifest.finding == refused)
    c.advice.emplace_back("signatures stay for ever: nothing can be deleted here");
}

}  // namespace

std::string_view name(Finding finding) {
  switch (finding) {
    case untried:
      return "untried";
    case works:
      return "works";
    case refused:
      return "refused";
    case failed:
      return "failed";
    case hidden:
      return "hidden";
    case absent:
      return "absent";
    case empty:
      return "empty";
    case fixed:
      return "fixed";
    case ignored:
      return "ignored";
    case partly:
      return "partly";
    case whole:
      return "whole";
  }
  return "untried";
}

std::string_view name(Form::Place place) {
  switch (place) {
    case Form::Place::none:
      return "none";
    case Form::Place::tag:
      return "tag";
    case Form::Place::api:
      return "referrersApi";
    case Form::Place::fallback_tag:
      return "fallbackTag";
  }
  return "none";
}

std::vector<const Check*> Findings::all() const {
  return {&ping,       &push,           &pull,          &absent_tag,
          &list_tags,  &move_tag,       &conditions,    &sig,
          &sig_again,  &subject,        &subject_named, &referrers,
          &fallback,   &fallback_again, &delete_tag,    &delete_manifest,
          &delete_blob};
}

std::string sentence(const Check& check) {
  if (check.finding == untried) return "not tried";
  if (check.finding == failed) return "could not be found out";
  for (const Sentence& one : sentences)
    if (one.id == check.id && one.finding == check.finding) return std::string(one.text);
  return std::string(name(check.finding));
}

Conclusion conclude(const Findings& findings) {
  Conclusion conclusion{sig_form(findings), bundle_form(findings), {}};
  advise(findings, conclusion);
  return conclusion;
}

}  // namespace sigstore::doctor
