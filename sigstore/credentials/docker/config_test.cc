#include "sigstore/credentials/docker/config.h"

#include "sigstore/base/limits.h"

namespace sigstore::credentials {
namespace {

Config config(std::string_view text) {
  auto parsed = Config::parse(text, "config.json");
  EXPECT_TRUE(parsed) << text << (parsed ? "" : parsed.error().text());
  return parsed ? std::move(*parsed) : Config();
}

Error refused(std::string_view text) {
  const auto parsed = Config::parse(text, "config.json");
  EXPECT_FALSE(parsed) << text;
  return parsed ? Error{} : parsed.error();
}

// "user:password" of the entry that is taken, "" for none, "error: …".
std::string found(std::string_view text, const oci::Repository& repository) {
  const Config here = config(text);
  const auto credential = here.entry_for(repository);
  if (!credential) return "error: " + credential.error().message;
  if (!*credential) return "";
  return (*credential)->username + ":" + std::string((*credential)->password.reveal());
}

const oci::Repository app{"r.example", "team/app"};
const oci::Repository nginx{"index.docker.io", "library/nginx"};

// --- which entry

TEST(DockerConfig, TheHost) {
  const char* text = R"({"auths":{"other.example":{"auth":"eDp5"},"r.example":{"auth":"ZGV2OnMzY3JldA=="}}})";
  EXPECT_EQ(found(text, app), "dev:s3cret");
  EXPECT_EQ(found(text, {"r.example", {}}), "dev:s3cret");
  EXPECT_EQ(found(text, {"other.example", "x"}), "x:y");
  EXPECT_EQ(found(text, {"third.example", "x"}), "");
  EXPECT_EQ(found(text, {"r.example:5000", "x"}), "");
}

TEST(DockerConfig, WaysToWriteTheHost) {
  for (const char* key : {"r.example", "https://r.example", "http://r.example/", "https://r.example/v1/",
                          "https://r.example/v2/", "r.example/v2", "https://r.example/v1"})
    EXPECT_EQ(found(R"({"auths":{")" + std::string(key) + R"(":{"auth":"eDp5"}}})", app), "x:y") << key;
  for (const char* key : {"r.example:443", "R.example.", "ftp://r.example", "sub.r.example", "example", "",
                          "/", "r.example/other"})
    EXPECT_EQ(found(R"({"auths":{")" + std::string(key) + R"(":{"auth":"eDp5"}}})", app), "") << key;
}

TEST(DockerConfig, DockerHubByEachOfItsNames) {
  for (const char* key : {"https://index.docker.io/v1/", "index.docker.io", "docker.io", "https://docker.io",
                          "https://registry-1.docker.io/v2/", "registry-1.docker.io"})
    EXPECT_EQ(found(R"({"auths":{")" + std::string(key) + R"(":{"auth":"eDp5"}}})", nginx), "x:y") << key;
}

TEST(DockerConfig, DockersOwnKeyWinsOverOtherNames) {
  EXPECT_EQ(found(R"({"auths":{"docker.io":{"auth":"eDp5"},"https://index.docker.io/v1/":{"auth":"YTpi"}}})",
                  nginx),
            "a:b");
  EXPECT_EQ(found(R"({"auths":{"https://r.example":{"auth":"eDp5"},"r.example":{"auth":"YTpi"}}})", app),
            "a:b");
}

TEST(DockerConfig, TheMostSpecificKeyFirst) {
  const char* text = R"({"auths":{"r.example":{"auth":"YTpi"},"r.example/team":{"auth":"Yzpk"},
                                  "r.example/team/app":{"auth":"ZTpm"},"r.example/te":{"auth":"eDp5"}}})";
  EXPECT_EQ(found(text, app), "e:f");
  EXPECT_EQ(found(text, {"r.example", "team/other/deep"}), "c:d");
  EXPECT_EQ(found(text, {"r.example", "teams/app"}), "a:b");
  EXPECT_EQ(found(text, {"r.example", {}}), "a:b");
  EXPECT_EQ(found(R"({"auths":{"docker.io/library":{"auth":"eDp5"}}})", nginx), "x:y");
}

TEST(DockerConfig, EntriesWithoutASecretAreAbsent) {
  EXPECT_EQ(found(R"({"auths":{"r.example/team":{},"r.example":{"auth":"eDp5"}}})", app), "x:y");
  for (const char* entry :
       {"{}", R"({"email":"a@b"})", R"({"auth":""})", R"({"username":"x"})", "null", "7", "[]"})
    EXPECT_EQ(found(R"({"auths":{"r.example":)" + std::string(entry) + "}}", app), "") << entry;
}

// --- what it says

TEST(DockerConfig, Secrets) {
  EXPECT_EQ(found(R"({"auths":{"r.example":{"username":"dev","password":"s3cret"}}})", app), "dev:s3cret");
  EXPECT_EQ(found(R"({"auths":{"r.example":{"auth":"eDp5","username":"dev","password":"s3cret"}}})", app),
            "x:y");
  EXPECT_EQ(found(R"({"auths":{"r.example":{"auth":"ZGV2OmE6Yg=="}}})", app), "dev:a:b");
  EXPECT_EQ(found(R"({"auths":{"r.example":{"auth":"ZGV2Og=="}}})", app), "dev:");
  EXPECT_EQ(found(R"({"auths":{"r.example":{"auth":"ZGV2OngAAAA="}}})", app), "dev:x");  // as docker cuts it
  const Config here =
      config(R"({"auths":{"r.example":{"auth":"eDp5","identitytoken":"i","registrytoken":"r"}}})");
  const auto credential = here.entry_for(app);
  ASSERT_TRUE(credential && *credential);
  EXPECT_EQ((*credential)->identity_token.reveal(), "i");
  EXPECT_EQ((*credential)->registry_token.reveal(), "r");
  EXPECT_EQ((*credential)->source, "config.json");
}

TEST(DockerConfig, AnAuthThatCannotBeRead) {
  for (const char* auth : {"!!!", "ZGV2", "eA", "ZGV2OnMzY3JldA=", "ZGV2OnMzY3JldA== x"}) {
    const std::string text = R"({"auths":{"r.example":{"auth":")" + std::string(auth) + "\"}}}";
    EXPECT_EQ(found(text, app), "error: the entry r.example in config.json cannot be used") << auth;
    EXPECT_EQ(found(text, nginx), "") << auth;
  }
  const Config here = config(R"({"auths":{"r.example":{"auth":"ZGV2"}}})");
  const auto credential = here.entry_for(app);
  ASSERT_FALSE(credential);
  EXPECT_EQ(credential.error().code, Code::malformed);
  EXPECT_EQ(credential.error().cause, "its auth holds no username:password");
  EXPECT_EQ(credential.error().hint, "cosign login r.example");
}

// --- helpers

TEST(DockerConfig, WhichHelper) {
  const Config here = config(R"({"credsStore":"desktop","credHelpers":{"r.example":"pass","none.example":"",
                                "https://index.docker.io/v1/":"hub","r.example/team/other":"other"}})");
  EXPECT_EQ(here.helper_for(app), "pass");
  EXPECT_EQ(here.helper_for({"r.example", "team/other"}), "other");
  EXPECT_EQ(here.helper_for(nginx), "hub");
  EXPECT_EQ(here.helper_for({"none.example", "x"}), "");
  EXPECT_EQ(here.helper_for({"third.example", "x"}), "desktop");
  EXPECT_EQ(config("{}").helper_for(app), "");
  EXPECT_EQ(config(R"({"credsStore":null,"credHelpers":{"r.example":7}})").helper_for(app), "");
}

// --- the file

TEST(DockerConfig, AnEmptyFileIsAnEmptyConfig) {
  for (const char* text : {"", " \n\t", "{}", R"({"auths":null})", R"({"auths":{},"credHelpers":{}})"})
    EXPECT_EQ(found(text, app), "") << text;
}

TEST(DockerConfig, AFileThatIsNone) {
  for (const char* text : {"[]", "7", "{", R"({"auths":[]})", R"({"auths":"x"})", R"({"credHelpers":[]})",
                           R"({"auths":{},"auths":{}})", "{}x", "\xff"}) {
    const Error error = refused(text);
    EXPECT_EQ(error.code, Code::malformed) << text;
    EXPECT_NE(error.message.find("config.json"), std::string::npos) << text;
  }
  EXPECT_EQ(refused("{\n\"auths\": {,}}").hint, "repair config.json, or move it away and log in again");
  EXPECT_TRUE(refused("{\n\"auths\": {,}}").cause.starts_with("line 2,"))
      << refused("{\n\"auths\": {,}}").cause;
  EXPECT_EQ(refused(std::string(1000, '[')).code, Code::too_large);
}

TEST(DockerConfig, ErrorsDoNotRepeatSecrets) {
  EXPECT_EQ(refused(R"({"auths":{"r.example":{"auth":"SGVMTE8=")").text().find("SGVMTE8"), std::string::npos);
}

// --- writing

TEST(DockerConfig, PutAndRemoveKeepAllElse) {
  Config here = config(R"({"HttpHeaders":{"X":"<y>"},"auths":{"other.example":{"auth":"eDp5"},
                          "r.example":{"email":"a@b","auth":"b2xk","identitytoken":"i","username":"u"}},"psFormat":1.50})");
  here.put("r.example", "dev:s3cret");
  EXPECT_EQ(here.write(), R"({
	"HttpHeaders": {
		"X": "\u003cy\u003e"
	},
	"auths": {
		"other.example": {
			"auth": "eDp5"
		},
		"r.example": {
			"email": "a@b",
			"auth": "ZGV2OnMzY3JldA=="
		}
	},
	"psFormat": 1.50
})");
  EXPECT_TRUE(here.remove("r.example"));
  EXPECT_FALSE(here.remove("r.example"));
  EXPECT_EQ(here.write(), R"({
	"HttpHeaders": {
		"X": "\u003cy\u003e"
	},
	"auths": {
		"other.example": {
			"auth": "eDp5"
		}
	},
	"psFormat": 1.50
})");
}

TEST(DockerConfig, TheFirstEntry) {
  Config here;
  here.put("r.example:5000", "dev:s3cret");
  EXPECT_EQ(
      here.write(),
      "{\n\t\"auths\": {\n\t\t\"r.example:5000\": {\n\t\t\t\"auth\": \"ZGV2OnMzY3JldA==\"\n\t\t}\n\t}\n}");
  EXPECT_EQ(found(here.write(), {"r.example:5000", "app"}), "dev:s3cret");
}

TEST(DockerConfig, AnEntryWhoseSecretAHelperKeeps) {
  Config here = config(R"({"auths":{"r.example":{"auth":"b2xk"}}})");
  here.put("r.example", std::nullopt);
  EXPECT_EQ(here.write(), "{\n\t\"auths\": {\n\t\t\"r.example\": {}\n\t}\n}");
}

TEST(DockerConfig, OtherNamesOfTheSameRegistryGo) {
  Config here = config(
      R"({"auths":{"docker.io":{"auth":"eDp5"},"index.docker.io":{},"docker.io/library":{"auth":"eDp5"}}})");
  here.put("index.docker.io", "a:b");
  EXPECT_EQ(here.keys_of("index.docker.io"), std::vector<std::string>{"https://index.docker.io/v1/"});
  EXPECT_TRUE(here.remove("docker.io"));
  EXPECT_EQ(here.write(),
            "{\n\t\"auths\": {\n\t\t\"docker.io/library\": {\n\t\t\t\"auth\": \"eDp5\"\n\t\t}\n\t}\n}");
}

TEST(DockerConfig, AnEntryWithoutASecretIsRemovedButWasNone) {
  Config here = config(R"({"auths":{"r.example":{}}})");
  EXPECT_FALSE(here.remove("r.example"));
  EXPECT_TRUE(here.keys_of("r.example").empty());
}

// --- names

TEST(DockerConfig, KeysOfRegistries) {
  EXPECT_EQ(config_key("index.docker.io"), "https://index.docker.io/v1/");
  EXPECT_EQ(config_key("docker.io"), "https://index.docker.io/v1/");
  EXPECT_EQ(config_key("r.example:5000"), "r.example:5000");
}

TEST(DockerConfig, RegistriesWithCredentials) {
  const Config here = config(
      R"({"auths":{"https://index.docker.io/v1/":{"auth":"eDp5"},"https://r.example/v2/":{"auth":"eDp5"},
                                 "empty.example":{},"r.example/team":{"auth":"eDp5"},"p.example:5000/x":{"auth":"eDp5"}},
                                 "credHelpers":{"h.example":"pass","none.example":""}})");
  EXPECT_EQ(here.registries(), (std::vector<std::string>{"r.example", "p.example:5000", "h.example"}));
  EXPECT_EQ(config(R"({"credsStore":"desktop","auths":{"empty.example":{}}})").registries(),
            std::vector<std::string>{"empty.example"});
  EXPECT_TRUE(Config().registries().empty());
}

TEST(DockerConfig, TheRegistryThatSomebodyMeans) {
  EXPECT_EQ(registry_of("r.example:5000"), "r.example:5000");
  EXPECT_EQ(registry_of("https://r.example/"), "r.example");
  EXPECT_EQ(registry_of("https://r.example/v2/"), "r.example");
  for (const char* hub :
       {"docker.io", "index.docker.io", "https://index.docker.io/v1/", "registry-1.docker.io"})
    EXPECT_EQ(registry_of(hub), "index.docker.io") << hub;
  for (const char* text : {"", "/", "https://", "r.example/team", "r.example/v2/team"}) {
    const auto registry = registry_of(text);
    ASSERT_FALSE(registry) << text;
    EXPECT_EQ(registry.error().code, Code::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace sigstore::credentials
