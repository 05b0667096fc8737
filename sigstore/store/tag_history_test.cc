#include "sigstore/store/tag_history.h"

#include <gtest/gtest.h>

#include "sigstore/store/testing/names.h"

namespace sigstore::store {
namespace {

using testing::entry;

std::string keys(const std::vector<TagEntry>& entries) {
  std::string text;
  for (const TagEntry& entry : entries) text += (text.empty() ? "" : " ") + entry.key;
  return text;
}

TEST(TagHistory, the_first_look_tells_no_news) {
  TagHistory history({entry("ours")});
  const auto found = history.compare({entry("a"), entry("b")});
  EXPECT_EQ(keys(found.missing), "ours");
  EXPECT_FALSE(found.ours);
  EXPECT_FALSE(found.news);
  EXPECT_FALSE(found.lost);
}

TEST(TagHistory, what_was_not_known_is_news_once) {
  TagHistory history({entry("ours")});
  history.compare({entry("ours")});
  EXPECT_TRUE(history.compare({entry("ours"), entry("a")}).news);
  EXPECT_FALSE(history.compare({entry("ours"), entry("a")}).news);
}

TEST(TagHistory, what_stood_and_is_gone_was_lost) {
  TagHistory history({entry("ours")});
  history.compare({entry("a")});
  const auto found = history.compare({entry("ours")});
  EXPECT_TRUE(found.lost);
  EXPECT_TRUE(found.ours);
  EXPECT_EQ(keys(found.missing), "a");
}

TEST(TagHistory, what_was_written_and_is_not_there_was_lost) {
  TagHistory history({entry("ours")});
  history.compare({});
  EXPECT_FALSE(history.compare({}).lost) << "never there";
  history.wrote({entry("ours")});
  EXPECT_TRUE(history.compare({}).lost);
}

TEST(TagHistory, several_are_there_when_all_of_them_are) {
  TagHistory history({entry("one"), entry("two")});
  EXPECT_FALSE(history.compare({entry("two")}).ours);
  const auto found = history.compare({entry("two"), entry("a"), entry("one")});
  EXPECT_TRUE(found.ours);
  EXPECT_TRUE(found.missing.empty());
}

TEST(TagHistory, what_belongs_there_and_never_stood_is_missing_and_not_lost) {
  TagHistory history({entry("ours")});
  history.compare({entry("ours")});
  history.remember(entry("found elsewhere"));
  const auto found = history.compare({entry("ours")});
  EXPECT_EQ(keys(found.missing), "found elsewhere");
  EXPECT_FALSE(found.lost);
}

}  // namespace
}  // namespace sigstore::store
