#include "cosign/session/session.h"

#include <atomic>
#include <mutex>
#include <set>

#include "cosign/options/implied_registry.h"
#include "cosign/session/broken_registry.h"
#include "cosign/session/deadline_processes.h"
#include "cosign/session/settings.h"
#include "cosign/session/version.h"
#include "cosign/session/working_clock.h"
#include "cosign/ui/error_text.h"
#include "sigstore/codec/printable.h"
#include "sigstore/credentials/keychain/keychain.h"
#include "sigstore/net/curl/curl_transport.h"
#include "sigstore/remote/registry/certs_d.h"
#include "sigstore/remote/registry/http_registry.h"
#include "sigstore/store/referrers/referrers_store.h"
#include "sigstore/store/tag/tag_store.h"

namespace cosign {

using sigstore::Code;
using sigstore::Env;
using sigstore::fail;
using sigstore::Result;
using sigstore::Secret;
using sigstore::remote::Registry;
using sigstore::store::ArtifactStore;

namespace {

// A registry can be made to give cause for thousands. The last ones sum up.
constexpr std::size_t most_remarks = 8;
constexpr std::size_t first_remarks = 5;

std::unexpected<sigstore::Error> read_already() {
  return fail(Code::invalid_argument, "standard input is named twice", "it can be read once",
              "put one of both into a file");
}

class InputReader final : public sigstore::FileReader {
 public:
  using Read = std::function<Result<std::size_t>(std::span<std::uint8_t>)>;
  InputReader(Read read, bool taken) : read_(std::move(read)), taken_(taken) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    if (taken_) return read_already();
    if (!read_) return std::size_t{0};
    return read_(out);
  }

 private:
  const Read read_;
  const bool taken_;
};

}  // namespace

struct Session::State {
  State(const Env& env_, GlobalOptions options_, SessionParts parts_)
      : options(std::move(options_)),
        parts(std::move(parts_)),
        clock(*env_.clock),
        started(clock.steady()),
        env(env_) {
    env.clock = &clock;
    if (env.prompter != nullptr) env.prompter = &prompter.emplace(*env_.prompter, clock);
    if (env.processes == nullptr) return;
    processes.emplace(*env_.processes, *env.clock, deadline());
    env.processes = &*processes;
  }

  const GlobalOptions options;
  const SessionParts parts;
  WorkingClock clock;
  const std::chrono::steady_clock::time_point started;
  std::optional<TimedPrompter> prompter;
  std::optional<DeadlineProcesses> processes;
  Env env;  // not changed after the constructor
  const CommandTable no_commands;

  std::mutex output_mutex;
  Result<void> output;            // the first failure of out()
  std::set<std::string> printed;  // errors, as they stood on stderr

  std::atomic<bool> input_taken = false;

  std::mutex making;  // of all below
  std::unique_ptr<sigstore::net::Transport> transport;
  std::vector<std::unique_ptr<sigstore::remote::CredentialSource>> credentials;
  std::unique_ptr<Registry> made_registry;
  Registry* registry = nullptr;
  RegistrySettings settings;
  std::string tag_prefix;
  std::unique_ptr<ArtifactStore> tag_store, attestation_store, referrers_store;

  // The end of the whole run; nullopt where there is none.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const {
    if (options.timeout.count() == 0) return std::nullopt;
    return started + options.timeout;
  }
  [[nodiscard]] sigstore::store::TagOptions tag_options() const;
  Registry& make_registry(const RegistryFlags& flags, const std::function<void(std::string_view)>& note);
  [[nodiscard]] sigstore::net::TransportOptions transport_options(
      const std::function<void(std::string_view)>& note) const;
  [[nodiscard]] sigstore::net::TransportOptions registry_transport_options(
      const std::function<void(std::string_view)>& note) const;
  [[nodiscard]] std::unique_ptr<Registry> over_http(const RegistryFlags& flags,
                                                    const std::function<void(std::string_view)>& note);
};

sigstore::net::TransportOptions Session::State::transport_options(
    const std::function<void(std::string_view)>& note) const {
  sigstore::net::TransportOptions wanted;
  wanted.user_agent = user_agent();
  wanted.deadline = deadline();
  if (options.verbose) wanted.trace = note;
  wanted.cancel = parts.cancel;
  return wanted;
}

sigstore::net::TransportOptions Session::State::registry_transport_options(
    const std::function<void(std::string_view)>& note) const {
  auto wanted = transport_options(note);
  wanted.tls = [files = env.files, folders = sigstore::remote::certs_d_folders(*env.variables),
                tls = settings.tls](const sigstore::net::Url& url) {
    return sigstore::remote::with_certs_d(*files, folders, url, tls);
  };
  return wanted;
}

std::unique_ptr<Registry> Session::State::over_http(const RegistryFlags& flags,
                                                    const std::function<void(std::string_view)>& note) {
  transport = sigstore::net::make_curl_transport(env, registry_transport_options(note));
  credentials = sigstore::credentials::make_keychain(
      env, {flags.username, Secret(flags.password), Secret(flags.token), flags.given_by});
  std::vector<sigstore::remote::CredentialSource*> sources;
  for (const auto& source : credentials) sources.push_back(source.get());
  sigstore::remote::RegistryOptions http;
  http.allow_http = flags.allow_http;
  http.allow_insecure = flags.allow_insecure;
  http.notice = note;
  if (options.verbose) http.trace = note;
  return sigstore::remote::make_http_registry(env, *transport, std::move(sources), std::move(http));
}

Registry& Session::State::make_registry(const RegistryFlags& flags,
                                        const std::function<void(std::string_view)>& note) {
  const std::lock_guard lock(making);
  if (registry != nullptr) return *registry;
  tag_prefix = flags.attachment_tag_prefix;
  auto wanted = registry_settings(env, flags);
  if (wanted) {
    settings = std::move(*wanted);
    if (parts.registry == nullptr) made_registry = over_http(flags, note);
  } else {
    made_registry = std::make_unique<BrokenRegistry>(wanted.error());
  }
  registry = made_registry != nullptr ? made_registry.get() : parts.registry;
  return *registry;
}

Session::Session(const Env& env, GlobalOptions options, SessionParts parts)
    : state_(std::make_unique<State>(env, std::move(options), std::move(parts))) {}
Session::~Session() = default;

const Env& Session::env() const {
  return state_->env;
}
const GlobalOptions& Session::options() const {
  return state_->options;
}
const CommandTable& Session::commands() const {
  return state_->parts.commands != nullptr ? *state_->parts.commands : state_->no_commands;
}

sigstore::keys::Context Session::keys() {
  sigstore::keys::Context context(env());
  context.deadline = state_->deadline();
  context.connect = [this](sigstore::net::TlsOptions tls) {
    auto wanted = state_->transport_options([this](std::string_view line) { note(line); });
    wanted.tls = [tls = std::move(tls)](const sigstore::net::Url&) -> Result<sigstore::net::TlsOptions> {
      return tls;
    };
    return sigstore::net::make_curl_transport(env(), std::move(wanted));
  };
  return context;
}

const sigstore::Cancel* Session::cancel() const {
  return state_->parts.cancel;
}

const std::vector<std::string>& Session::set_variables() const {
  return state_->parts.variables;
}

void Session::give_up() {
  if (state_->parts.cancel != nullptr) state_->parts.cancel->set();
}

void Session::out(std::string_view text) {
  if (text.ends_with('\n')) return out_exactly(text);
  out_exactly(std::string(text) + "\n");
}

void Session::out_exactly(std::string_view bytes) {
  const std::lock_guard lock(state_->output_mutex);
  if (!state_->output) return;
  ui::Output& stream = *state_->parts.out;
  state_->output =
      stream.terminal() ? stream.write(sigstore::codec::printable_lines(bytes)) : stream.write(bytes);
}

// What cannot be written to stderr cannot be said anywhere.
void Session::note(std::string_view line) {
  (void)state_->parts.err->write(sigstore::codec::printable(line) + "\n");
}

void Session::notes(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += sigstore::codec::printable(line) + "\n";
  if (!text.empty()) (void)state_->parts.err->write(text);
}

void Session::progress(std::string_view line) {
  constexpr std::string_view anew = "\r\x1b[K";  // the cursor to the left, and nothing right of it
  if (state_->parts.err->terminal())
    (void)state_->parts.err->write(std::string(anew) + sigstore::codec::printable(line));
}

void Session::remarks(const std::vector<std::string>& remarks) {
  const std::size_t left_out = remarks.size() > most_remarks ? remarks.size() - most_remarks : 0;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < remarks.size(); ++i) {
    if (left_out != 0 && i == first_remarks) {
      lines.push_back("note: and " + std::to_string(left_out) + " more like these");
      i += left_out;
    }
    lines.push_back("note: " + remarks[i]);
  }
  notes(lines);
}

void Session::print(const sigstore::Error& error) {
  if (error.code == Code::cancelled) return;
  const std::string text = ui::error_text(error, state_->parts.err->colour());
  const std::lock_guard lock(state_->output_mutex);
  if (state_->printed.insert(text).second) (void)state_->parts.err->write(text);
}

sigstore::Error Session::explain(sigstore::Error error, const sigstore::oci::Reference& reference) const {
  error = explain_tag(std::move(error), reference);
  if (!reference.registry_implied) return error;
  const auto own = sigstore::credentials::logged_in_registries(state_->env);
  return explain_registry(std::move(error), reference, own.empty() ? "" : own.front());
}

void Session::publish() {
  const std::lock_guard lock(state_->output_mutex);
  if (state_->output && state_->parts.publish) state_->output = state_->parts.publish();
}

Result<void> Session::finish() {
  const std::lock_guard lock(state_->output_mutex);
  return state_->output;
}

Result<void> Session::may_go_on() const {
  if (state_->parts.cancel != nullptr && state_->parts.cancel->is_set())
    return fail(Code::cancelled, "interrupted");
  const auto deadline = state_->deadline();
  if (!deadline || state_->clock.steady() < *deadline) return {};
  return fail(Code::timeout, "it took longer than --timeout allows");
}

Result<std::string> Session::read_input(std::size_t max) {
  if (state_->input_taken.exchange(true)) return read_already();
  if (!state_->parts.input) return std::string();
  return state_->parts.input(max);
}

Result<std::string> Session::read_file(const std::string& path, std::size_t max) {
  return path == "-" ? read_input(max) : state_->env.files->read(path, max);
}

bool Session::input_is_terminal() const {
  return state_->parts.input_terminal;
}

std::unique_ptr<sigstore::FileReader> Session::take_input() {
  if (state_->prompter && !state_->parts.input_terminal) state_->prompter->input_is_taken();
  return std::make_unique<InputReader>(state_->parts.input_piece, state_->input_taken.exchange(true));
}

Registry& Session::registry(const RegistryFlags& flags) {
  return state_->make_registry(flags, [this](std::string_view line) { note(line); });
}

sigstore::store::TagOptions Session::State::tag_options() const {
  sigstore::store::TagOptions tag;
  tag.prefix = tag_prefix;
  tag.docker_media_types = settings.docker_media_types;
  tag.created = settings.created;
  tag.max_attachment = settings.max_attachment;
  tag.own_tags = settings.own_tags;
  return tag;
}

ArtifactStore& Session::tag_store() {
  const std::lock_guard lock(state_->making);
  auto& store = state_->tag_store;
  if (store == nullptr)
    store = sigstore::store::make_tag_store(*state_->registry, state_->env, state_->tag_options());
  return *store;
}

ArtifactStore& Session::attestation_store() {
  const std::lock_guard lock(state_->making);
  auto& store = state_->attestation_store;
  if (store == nullptr)
    store = sigstore::store::make_attestation_store(*state_->registry, state_->env, state_->tag_options());
  return *store;
}

ArtifactStore& Session::referrers_store() {
  const std::lock_guard lock(state_->making);
  if (state_->referrers_store == nullptr) {
    sigstore::store::ReferrersOptions options;
    options.created = state_->settings.created;
    options.max_attachment = state_->settings.max_attachment;
    options.own_tags = state_->settings.own_tags;
    state_->referrers_store =
        sigstore::store::make_referrers_store(*state_->registry, state_->env, std::move(options));
  }
  return *state_->referrers_store;
}

std::size_t Session::max_attachment() const {
  const std::lock_guard lock(state_->making);
  return state_->settings.max_attachment;
}

Result<std::optional<sigstore::oci::Repository>> Session::signature_repository() {
  const auto text = state_->env.variables->get("COSIGN_REPOSITORY");
  if (!text || text->empty()) return std::nullopt;
  auto repository = sigstore::oci::Repository::parse(*text);
  if (!repository) return fail(repository.error().wrap("the variable COSIGN_REPOSITORY is not a repository"));
  return *repository;
}

}  // namespace cosign
