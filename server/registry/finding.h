// Something in a registry's folder that is not as it should be.
#pragma once

#include <string>
#include <vector>

namespace server::registry {

struct Finding {
  enum class Kind {
    journal,   // a line that was acknowledged cannot be read, or is gone
    database,  // it is not what the journal says
    content,   // it is damaged, or gone
    entry,     // it does not agree with the content, or names what is not there
    image,     // it needs content that is lost
  };
  Kind kind = Kind::content;
  std::string where;  // "journal, byte 120", "sha256:…", "team/app:latest"
  std::string what;   // one sentence
  bool lost = false;  // nothing here can bring it back
};
using Findings = std::vector<Finding>;

}  // namespace server::registry
