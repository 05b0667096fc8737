// How the table of cases is filled.
#pragma once

#include <string>
#include <vector>

#include "sigstore/authority/testing/cases.h"

namespace sigstore::authority::testing::internal {

// What a case may change before its signature is made, and before a verifier is asked.
struct Play {
  Sigstore& world;     // trusted
  Sigstore& stranger;  // another one, with names of its own
  Sigstore& namesake;  // another one, with the names of the first
  Recipe recipe;
  Change<trust::TrustedRoot> root;
  Change<Question> question;
};
using Script = std::function<void(Play&)>;

class Table {
 public:
  void good(std::string name, std::string what, Script script, World world = {});
  void bad(std::string name, std::string what, Script script, World world = {});
  std::vector<Case> cases;

 private:
  void add(std::string name, std::string what, bool good, Script script, World world);
};

void add_good(Table& table);
void add_log(Table& table);
void add_time(Table& table);
void add_certificate(Table& table);
void add_signature(Table& table);

}  // namespace sigstore::authority::testing::internal
