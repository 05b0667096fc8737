#include "cosign/commands/env/variables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "sigstore/base/testing/fake_env.h"

namespace cosign {
namespace {

namespace fs = std::filesystem;

bool is_product(const fs::path& path) {
  const std::string name = path.filename().string();
  const bool source = name.ends_with(".cc") || name.ends_with(".h");
  for (const char* other : {"_test.cc", "_fuzz.cc", "_bench.cc"})
    if (name.ends_with(other)) return false;
  return source && path.string().find("/testing/") == std::string::npos &&
         path.string().find("/commands/env/") == std::string::npos;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void collect(const std::string& text, const std::regex& form, std::set<std::string>& names) {
  for (auto at = std::sregex_iterator(text.begin(), text.end(), form); at != std::sregex_iterator(); ++at)
    names.insert((*at)[1]);
}

// What variables of CI services are called, which are made there and not read here.
const std::set<std::string> made_elsewhere = {"COSIGN_PRIVATE_KEY", "COSIGN_PUBLIC_KEY"};

// Whatever get() is asked for, and names with an underscore in quotes where a file is about variables.
std::set<std::string> names_in_sources() {
  const std::regex quoted("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\"");
  const std::regex asked("(?:get|getenv)\\(\"([A-Z][A-Z0-9_]*)\"\\)");
  std::set<std::string> names;
  for (const char* tree : {"sigstore", "cosign", "server"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(SOURCE_ROOT) / tree)) {
      if (!is_product(entry.path())) continue;
      const std::string text = text_of(entry.path());
      collect(text, asked, names);
      if (text.find("variables") != std::string::npos) collect(text, quoted, names);
    }
  }
  for (const auto& name : made_elsewhere) names.erase(name);
  return names;
}

std::set<std::string> known_names() {
  std::set<std::string> names;
  for (const KnownVariable& one : known_variables()) names.insert(std::string(one.name));
  return names;
}

TEST(KnownVariables, AreThoseThatTheSourcesRead) {
  const auto read = names_in_sources();
  ASSERT_TRUE(read.contains("COSIGN_REPOSITORY"));
  EXPECT_EQ(read, known_names());
}

TEST(KnownVariables, AreSorted) {
  EXPECT_TRUE(std::ranges::is_sorted(known_variables(), {}, &KnownVariable::name));
}

TEST(EnvironmentPage, HidesWhatIsSensitiveAndWhatNobodyKnows) {
  sigstore::fakes::FakeEnv fake;
  fake.variables.values["COSIGN_PASSWORD"] = "open sesame";
  fake.variables.values["TUF_SOMETHING"] = "other";
  const std::vector<std::string> set = {"COSIGN_PASSWORD", "LANG", "TUF_SOMETHING"};
  const auto hidden = environment_page(*fake.env().variables, set, {}, {});
  EXPECT_EQ(hidden.find("open sesame"), std::string::npos);
  EXPECT_NE(hidden.find("\nCOSIGN_PASSWORD=******\n"), std::string::npos);
  EXPECT_TRUE(hidden.ends_with("\nTUF_SOMETHING=******\n"));
  EXPECT_EQ(hidden.find("LANG"), std::string::npos);
  const auto shown = environment_page(*fake.env().variables, set, {}, {false, true});
  EXPECT_NE(shown.find("\nCOSIGN_PASSWORD=open sesame\n"), std::string::npos);
  EXPECT_EQ(shown.find('#'), std::string::npos);
}

TEST(EnvironmentPage, SaysWhichFlagAVariableStandsFor) {
  sigstore::fakes::FakeEnv fake;
  const auto page =
      environment_page(*fake.env().variables, {"COSIGN_KEY"}, {{"COSIGN_KEY", "--key of sign"}}, {});
  EXPECT_TRUE(
      page.ends_with("# COSIGN_KEY stands for --key of sign\n# Expects: what the flag takes\nCOSIGN_KEY=\n"));
}

}  // namespace
}  // namespace cosign
