// poolkeeper images
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <ostream>
#include <thread>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/image_text.h"
#include "daemon/session.h"
#include "reconciler/core/json.h"
#include "reconciler/cycle/image_look.h"

namespace reconciler::daemon {
namespace {

struct ImagesOptions {
  plan::ImageFilter filter;
  std::string format = "text";
};

using Looks = std::vector<Result<cycle::ImageLook>>;

/// All accounts at the same time, in the order of the configuration.
Looks LookAtAll(Session& session, bool with_pools, const std::stop_token& stop) {
  Looks looks(session.accounts.size(), Error{});
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    threads.emplace_back([&, i] {
      AccountWorld& account = *session.accounts[i];
      Doors doors = session.world->DoorsOf(account);
      looks[i] = cycle::LookAtImages(account.account, doors, with_pools, stop);
    });
  }
  threads.clear();  // waits for all
  return looks;
}

void AddSpecs(const SpecSnapshot& specs, const std::string& account, Instant now,
              cycle::ImageLook& look) {
  for (const PoolSpec* spec : specs.OfAccount(account)) {
    plan::AddUseOfSpec(*spec, look.images, now, look.uses);
  }
}

/// The tables of the accounts that answered; the failures of the others.
struct Tables {
  std::vector<AccountImages> images;
  Array failures;
  std::vector<std::string> messages;
  ExitFacts facts;
};

Tables TablesOf(const Session& session, Looks looks, const SpecSnapshot* specs,
                const plan::ImageFilter& filter, Instant now) {
  Tables tables;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    const std::string& account = session.accounts[i]->account.config.name;
    if (!looks[i]) {
      const Error& error = looks[i].error();
      tables.facts |= FactsOfError(error);
      if (error.kind != ErrorKind::kCancelled) {
        tables.messages.push_back(DescribeFailure(account, error.message));
      }
      tables.failures.push_back(FailureToJson(account, error));
      continue;
    }
    if (specs != nullptr) AddSpecs(*specs, account, now, *looks[i]);
    AccountImages images{account, std::move(looks[i]->images), {}};
    tables.images.push_back(std::move(images));
    AccountImages& kept = tables.images.back();
    kept.rows = plan::ImageTable(kept.list, looks[i]->uses, filter, now);
  }
  return tables;
}

int RunImages(CommandContext& context, const ImagesOptions& options) {
  int code = kExitDone;
  const auto session = OpenSession(context, code);
  if (!session) return code;
  std::shared_ptr<const SpecSnapshot> specs;
  if (options.filter.in_use) {
    specs = LoadSpecs(context, *session);
    if (!specs) return kExitInvalid;
  }
  Looks looks = LookAtAll(*session, options.filter.in_use, context.signals.stop());
  Tables tables =
      TablesOf(*session, std::move(looks), specs.get(), options.filter, context.clock.Wall());
  if (options.format == "json") {
    context.console.out << WritePrettyJson(ImagesToJson(tables.images, std::move(tables.failures)));
  } else {
    context.console.out << RenderImages(tables.images, options.filter, context.console.out_screen);
  }
  for (const std::string& message : tables.messages) PrintError(context.console, message);
  if (specs) tables.facts |= FactsOfSpecs(*specs);
  return CodeUnlessStopped(context, ExitCodeOf(tables.facts));
}

}  // namespace

void AddImagesCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<ImagesOptions>();
  Verb verb = app.AddVerb("images", "List the images and node agents that the service supports");
  plan::ImageFilter& filter = options->filter;
  verb.AddOption("--os", filter.os_type, "Only images of this system: linux or windows")
      .Value("SYSTEM")
      .OneOf({"linux", "windows"});
  verb.AddOption("--sku", filter.sku_pattern, "Only SKUs like this, * and ? as in a shell")
      .Value("PATTERN");
  verb.AddOption("--capability", filter.capability, "Only images with this capability")
      .Value("NAME");
  verb.AddFlag("--in-use", filter.in_use,
               "Only images that live pools or specs use, those near their end first, each with "
               "its pools and the image that follows it");
  verb.AddFlag("--include-unverified", filter.include_unverified,
               "Also images that the service has not verified");
  AddFormat(verb, options->format);
  verb.Footer("Example:\n  poolkeeper images --os linux --sku '2?_04-lts*'");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunImages(context, *options); };
  });
}

}  // namespace reconciler::daemon
