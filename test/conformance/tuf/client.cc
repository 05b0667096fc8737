// Our TUF client as theupdateframework/tuf-conformance calls the client that it tests (CLIENT-CLI.md there):
//
//   tuf-conformance-client --metadata-dir DIR init ROOT.json
//   tuf-conformance-client --metadata-dir DIR --metadata-url URL refresh
//   tuf-conformance-client --metadata-dir DIR --metadata-url URL --target-name PATH
//                          --target-base-url URL --target-dir DIR download
//
// --target-name may be there several times: one client then gets all of them, after one refresh.
//
// 0: all of it was done. 1: it was not, and stderr says why.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "cosign/session/process.h"
#include "sigstore/base/limits.h"
#include "sigstore/base/system/system_env.h"
#include "sigstore/codec/printable.h"
#include "sigstore/net/curl/curl_transport.h"
#include "sigstore/remote/tufrepo/tufrepo.h"
#include "sigstore/tuf/updater.h"

namespace {

using namespace sigstore;

// A folder of plain files: what was trusted is on the disk at once.
class PlainStore final : public tuf::Store {
 public:
  PlainStore(Files& files, std::string folder) : files_(files), folder_(std::move(folder)) {}
  Result<std::string> read(const std::string& file, std::size_t max) override {
    return files_.read(path(file), max);
  }
  Result<void> write(const std::string& file, std::string_view text) override {
    return files_.write_atomic(path(file), text, 0644);
  }
  Result<void> remove(const std::string& file) override {
    return files_.exists(path(file)) ? files_.remove(path(file)) : Result<void>{};
  }

 private:
  [[nodiscard]] std::string path(const std::string& file) const { return folder_ + "/" + file; }

  Files& files_;
  std::string folder_;
};

struct CommandLine {
  std::map<std::string, std::string> options;
  std::vector<std::string> targets;
  std::vector<std::string> words;

  static Result<CommandLine> parse(const std::vector<std::string>& arguments);
  [[nodiscard]] Result<std::string> need(const std::string& name) const;
};

Result<CommandLine> CommandLine::parse(const std::vector<std::string>& arguments) {
  static constexpr std::string_view known[] = {"--metadata-dir", "--metadata-url", "--target-name",
                                               "--target-base-url", "--target-dir"};
  CommandLine line;
  for (auto word = arguments.begin(); word != arguments.end(); ++word) {
    if (!word->starts_with("--")) {
      line.words.push_back(*word);
      continue;
    }
    const std::size_t equals = word->find('=');
    const std::string name = word->substr(0, equals);
    if (std::ranges::find(known, name) == std::end(known))
      return fail(Code::invalid_argument, "no such option: " + name);
    if (equals == std::string::npos && std::next(word) == arguments.end())
      return fail(Code::invalid_argument, name + " needs a value");
    const std::string value = equals == std::string::npos ? *++word : word->substr(equals + 1);
    line.options[name] = value;
    if (name == "--target-name") line.targets.push_back(value);
  }
  return line;
}

Result<std::string> CommandLine::need(const std::string& name) const {
  const auto found = options.find(name);
  if (found == options.end() || found->second.empty())
    return fail(Code::invalid_argument, name + " is needed");
  return found->second;
}

// libfaketime is loaded into programs that are linked dynamically, as this one is not: one that is says what
// time it shall be.
Result<Time> time_by_date(Processes& processes) {
  TRY(const ProcessOutput output, processes.run({"date", "-u", "+%s"}, "", limits::helper_timeout, 64));
  long long seconds = 0;
  const auto [end, error] =
      std::from_chars(output.out.data(), output.out.data() + output.out.size(), seconds);
  if (output.exit_code != 0 || error != std::errc() || *end != '\n')
    return fail(Code::io, "date does not say what time it is", codec::printable(output.out + output.err));
  return Time(std::chrono::seconds(seconds));
}

Result<Time> time_to_judge_by(const Env& env) {
  const bool faked = env.variables->get("LD_PRELOAD").value_or("").find("faketime") != std::string::npos ||
                     env.variables->get("FAKETIME");
  return faked ? time_by_date(*env.processes) : env.clock->now();
}

class Client {
 public:
  Client(const Env& env, const CommandLine& line) : env_(env), line_(line) {}

  Result<void> run() {
    const auto& words = line_.words;
    if (words.size() == 2 && words[0] == "init") return init(words[1]);
    if (words.size() == 1 && words[0] == "refresh") return with_updater(&Client::refresh);
    if (words.size() == 1 && words[0] == "download") return with_updater(&Client::download_all);
    return fail(Code::invalid_argument, "init ROOT, refresh or download is needed");
  }

 private:
  Result<void> init(const std::string& trusted_root) {
    TRY(const std::string folder, line_.need("--metadata-dir"));
    TRY(const std::string root, env_.files->read(trusted_root, limits::tuf_root_bytes));
    TRY_OK(env_.files->make_directories(folder));
    return PlainStore(*env_.files, folder).write("root.json", root);
  }

  Result<void> with_updater(Result<void> (Client::*act)(tuf::Updater&)) {
    TRY(const std::string folder, line_.need("--metadata-dir"));
    TRY(auto repository, open_repository());
    TRY(const Time now, time_to_judge_by(env_));
    PlainStore store(*env_.files, folder);
    tuf::Updater updater(*repository, store, now);
    return (this->*act)(updater);
  }

  Result<std::unique_ptr<tuf::Repository>> open_repository() {
    TRY(const std::string metadata, line_.need("--metadata-url"));
    remote::TufUrls urls;
    TRY(urls.metadata, net::Url::parse(metadata));
    urls.targets = urls.metadata;
    if (line_.options.contains("--target-base-url")) {
      TRY(urls.targets, net::Url::parse(line_.options.at("--target-base-url")));
    }
    auto transport = net::make_curl_transport(env_, {.user_agent = "tuf-conformance-client"});
    return remote::make_http_tufrepo(env_, std::move(transport), std::move(urls));
  }

  Result<void> refresh(tuf::Updater& updater) { return updater.refresh(); }

  Result<void> download_all(tuf::Updater& updater) {
    TRY_OK(line_.need("--target-name"));
    TRY(const std::string folder, line_.need("--target-dir"));
    TRY_OK(updater.refresh());
    for (const auto& name : line_.targets) TRY_OK(download(updater, name, folder));
    return {};
  }

  Result<void> download(tuf::Updater& updater, const std::string& name, const std::string& folder) {
    TRY(const auto target, updater.find(name));
    if (!target) return fail(Code::not_found, "nobody vouches for a target " + codec::printable(name));
    const std::string file = folder + "/" + net::percent_encode(name);
    if (const auto there = env_.files->read(file, target->length);
        there && tuf::check_target(*target, *there, name))
      return {};
    TRY(const std::string content, updater.download(name, *target));
    TRY_OK(env_.files->make_directories(folder));
    return env_.files->write_atomic(file, content, 0644);
  }

  const Env& env_;
  const CommandLine& line_;
};

Result<void> run(const std::vector<std::string>& arguments) {
  Cancel cancel;
  cosign::handle_signals(cancel);
  const system::SystemEnv system(&cancel);
  TRY(const CommandLine line, CommandLine::parse(arguments));
  return Client(system.env(), line).run();
}

}  // namespace

int main(int argc, char** argv) {
  cosign::open_missing_streams();
  cosign::resolve_without_plugins();
  const auto done = run({argv + std::min(argc, 1), argv + argc});
  if (done) return 0;
  (void)std::fprintf(stderr, "error: %s\n", done.error().text().c_str());
  return 1;
}
