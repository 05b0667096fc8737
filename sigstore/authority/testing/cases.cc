#include "sigstore/authority/testing/cases.h"

#include "sigstore/authority/testing/internal/must.h"
#include "sigstore/authority/testing/internal/table.h"

namespace sigstore::authority::testing {
namespace internal {
namespace {

Question make(const Script& script, const World& setting) {
  Sigstore world(setting);
  World elsewhere;
  elsewhere.seed = setting.seed + 1;
  Sigstore namesake(elsewhere);
  elsewhere.domain = "stranger.test";
  Sigstore stranger(elsewhere);
  Play play{world, stranger, namesake, {}, {}, {}};
  script(play);
  Question question;
  question.made = world.sign(play.recipe);
  question.root = world.trusted_root();
  question.ask = play.recipe.keyless ? Ask::identity : Ask::key;
  question.identity = play.recipe.identity.name.value;
  question.issuer = play.recipe.identity.issuer;
  amend(play.root, question.root);
  amend(play.question, question);
  return question;
}

}  // namespace

void Table::add(std::string name, std::string what, bool good, Script script, World world) {
  cases.push_back({std::move(name), std::move(what), good,
                   [script = std::move(script), world = std::move(world)] { return make(script, world); }});
}
void Table::good(std::string name, std::string what, Script script, World world) {
  add(std::move(name), std::move(what), true, std::move(script), std::move(world));
}
void Table::bad(std::string name, std::string what, Script script, World world) {
  add(std::move(name), std::move(what), false, std::move(script), std::move(world));
}

}  // namespace internal

std::vector<Case> cases() {
  internal::Table table;
  internal::add_good(table);
  internal::add_log(table);
  internal::add_time(table);
  internal::add_certificate(table);
  internal::add_signature(table);
  return std::move(table.cases);
}

}  // namespace sigstore::authority::testing
