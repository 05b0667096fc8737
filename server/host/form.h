// application/x-www-form-urlencoded: a query, or the body of a form (WHATWG URL, section 5.1).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server::host {

class Form {
 public:
  // "+" is a space. Anything is a form; at most limits::form_fields are kept.
  static Form parse(std::string_view text);

  [[nodiscard]] std::string get(std::string_view name) const;  // the first; "" when absent
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace server::host
