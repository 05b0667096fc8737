#include "sigstore/doctor/findings.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sigstore::doctor {
namespace {

using enum Finding;

// All that a good registry can do.
Findings good() {
  Findings f;
  for (const Check* check : f.all()) const_cast<Check*>(check)->finding = works;
  return f;
}

bool advises(const Conclusion& conclusion, std::string_view words) {
  return std::ranges::any_of(conclusion.advice,
                             [&](const std::string& one) { return one.find(words) != std::string::npos; });
}

TEST(Conclude, AGoodRegistry) {
  const auto c = conclude(good());
  EXPECT_TRUE(c.sig.works && c.sig.more && c.bundle.works && c.bundle.more);
  EXPECT_EQ(c.bundle.place, Form::Place::api);
  EXPECT_EQ(c.advice.size(), 1u);
  EXPECT_TRUE(advises(c, "needs no flag"));
}

TEST(Conclude, NothingWasTried) {
  const auto c = conclude({});
  EXPECT_FALSE(c.some_form_works());
  EXPECT_EQ(c.sig.place, Form::Place::none);
  EXPECT_EQ(c.advice.size(), 1u);
}

TEST(Conclude, WhoMayNotPushIsToldWhatTheRegistrySays) {
  Findings f;
  f.ping.finding = works;
  f.push.finding = refused;
  f.push.error = Error{Code::not_found, "the repository is not there", "", "make the repository first"};
  const auto c = conclude(f);
  EXPECT_FALSE(c.some_form_works());
  EXPECT_EQ(c.advice, std::vector<std::string>{"make the repository first"});
  EXPECT_EQ(c.sig.why, "nothing can be pushed");
  EXPECT_EQ(c.bundle.why, "nothing can be pushed");
}

TEST(Conclude, WithoutAnApiTheFallbackTagDecides) {
  Findings f = good();
  f.referrers.finding = absent;
  EXPECT_EQ(conclude(f).bundle.place, Form::Place::fallback_tag);
  EXPECT_TRUE(conclude(f).bundle.more);
  f.fallback_again.finding = fixed;
  EXPECT_TRUE(conclude(f).bundle.works);
  EXPECT_FALSE(conclude(f).bundle.more);
  f.fallback.finding = refused;
  f.fallback_again.finding = untried;
  EXPECT_FALSE(conclude(f).bundle.works);
  EXPECT_EQ(conclude(f).bundle.why,
            "there is no referrers API, and an index of referrers under the fallback tag is not taken");
  EXPECT_TRUE(conclude(f).some_form_works()) << ".sig tags are";
}

TEST(Conclude, AnEmptyListMisleadsOthers) {
  Findings f = good();
  f.referrers.finding = empty;
  const auto c = conclude(f);
  EXPECT_EQ(c.bundle.place, Form::Place::fallback_tag);
  EXPECT_TRUE(advises(c, "Sigstore's own cosign believes the empty list"));
}

TEST(Conclude, OnlyBundles) {
  Findings f = good();
  f.sig.finding = refused;
  f.sig_again.finding = untried;
  EXPECT_TRUE(advises(conclude(f), "--signature-format bundle"));
  f = good();
  f.sig_again.finding = fixed;
  EXPECT_TRUE(conclude(f).sig.works);
  EXPECT_FALSE(conclude(f).sig.more);
  EXPECT_TRUE(advises(conclude(f), "--signature-format bundle")) << "each bundle is a manifest of its own";
}

TEST(Conclude, WhereTheLastWriteWins) {
  for (const Finding finding : {ignored, partly}) {
    Findings f = good();
    f.conditions.finding = finding;
    EXPECT_TRUE(advises(conclude(f), "sign with --own-tags"));
    f.list_tags.finding = refused;
    EXPECT_TRUE(advises(conclude(f), "let only one sign an image at a time"));
    f.sig_again.finding = fixed;
    EXPECT_FALSE(advises(conclude(f), "at a time")) << "referrers of an API share nothing";
  }
}

TEST(Conclude, HiddenTagsNeedTheList) {
  Findings f = good();
  f.absent_tag.finding = hidden;
  EXPECT_FALSE(advises(conclude(f), "list tags"));
  f.list_tags.finding = refused;
  EXPECT_TRUE(advises(conclude(f), "let the account list tags"));
}

// No finding of any check is without words of its own.
TEST(Sentence, EveryCheckHasItsOwn) {
  const Findings f = good();
  std::vector<std::string> seen;
  for (const Check* check : f.all()) {
    seen.push_back(sentence(*check));
    EXPECT_GT(seen.back().size(), 10u) << check->id;
  }
  std::ranges::sort(seen);
  EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
}

}  // namespace
}  // namespace sigstore::doctor
