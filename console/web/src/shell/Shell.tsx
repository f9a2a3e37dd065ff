import AppLayout from "@cloudscape-design/components/app-layout";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar";
import SideNavigation from "@cloudscape-design/components/side-navigation";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { failureOf } from "../aws/failure.ts";
import { shell } from "../text/shell.ts";
import { type Notices, NoticesContext } from "./notices.ts";
import { type Breadcrumbs, BreadcrumbsContext } from "./page.ts";
import { PageBoundary } from "./PageBoundary.tsx";
import { visited } from "./recent.ts";
import { type ConsoleService, serviceAt } from "./services.ts";
import { TopBar } from "./TopBar.tsx";

/** What stands around every page: the bar on top, the service's navigation, breadcrumbs, notices. */
export function Shell({ children }: { children: ReactNode }) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [breadcrumbs, setBreadcrumbs] = useState<Breadcrumbs>([]);
  const [notices, control] = useNoticeList();
  const [open, setOpen] = useState(() => window.matchMedia("(min-width: 912px)").matches);
  const service = serviceAt(pathname);

  useEffect(() => {
    if (service !== undefined) {
      visited(service.id);
    }
  }, [service]);

  const follow = (event: CustomEvent<{ href?: string; external?: boolean }>) => {
    const { href, external } = event.detail;
    if (href !== undefined && external !== true) {
      event.preventDefault();
      navigate(href);
    }
  };

  return (
    <NoticesContext value={control}>
      <BreadcrumbsContext value={setBreadcrumbs}>
        <div id="top-navigation">
          <TopBar />
        </div>
        <AppLayout
          headerSelector="#top-navigation"
          toolsHide
          navigationHide={service === undefined}
          navigationOpen={open}
          onNavigationChange={(event) => setOpen(event.detail.open)}
          navigation={
            service && (
              <SideNavigation
                activeHref={linkAt(service, pathname)}
                header={{ text: service.name, href: service.path }}
                items={service.navigation}
                onFollow={follow}
              />
            )
          }
          breadcrumbs={
            breadcrumbs.length > 1 && (
              <BreadcrumbGroup items={breadcrumbs} ariaLabel={shell.breadcrumbs} onFollow={follow} />
            )
          }
          notifications={
            <Flashbar
              items={notices}
              stackItems
              i18nStrings={{
                ariaLabel: shell.notifications,
                notificationBarText: shell.notifications,
                notificationBarAriaLabel: shell.allNotifications,
                errorIconAriaLabel: shell.icons.error,
                warningIconAriaLabel: shell.icons.warning,
                successIconAriaLabel: shell.icons.success,
                infoIconAriaLabel: shell.icons.info,
                inProgressIconAriaLabel: shell.icons.inProgress,
              }}
            />
          }
          stickyNotifications
          ariaLabels={{
            navigation: shell.navigation,
            navigationToggle: shell.openNavigation,
            navigationClose: shell.closeNavigation,
            notifications: shell.notifications,
          }}
          content={<PageBoundary place={pathname}>{children}</PageBoundary>}
        />
      </BreadcrumbsContext>
    </NoticesContext>
  );
}

/** The link to the page that one is on, or to the list that it belongs to. */
function linkAt(service: ConsoleService, path: string): string {
  return service.navigation
    .map(({ href }) => href)
    .filter((href) => path === href || path.startsWith(`${href}/`))
    .reduce((longest, href) => (href.length > longest.length ? href : longest), "");
}

function useNoticeList(): [FlashbarProps.MessageDefinition[], Notices] {
  const [notices, setNotices] = useState<(FlashbarProps.MessageDefinition & { id: string })[]>([]);
  const dismiss = useCallback((id: string) => setNotices((all) => all.filter((notice) => notice.id !== id)), []);
  const control = useMemo<Notices>(() => {
    const show: Notices["show"] = (notice) =>
      setNotices((all) =>
        all.some((other) => other.id === notice.id)
          ? all.map((other) => (other.id === notice.id ? notice : other))
          : [notice, ...all],
      );
    const dismissible = (type: FlashbarProps.Type, header: string, content?: string) => {
      const id = crypto.randomUUID();
      show({ id, type, header, content, dismissible: true, dismissLabel: shell.dismiss, onDismiss: () => dismiss(id) });
    };
    return {
      show,
      dismiss,
      done: (text) => dismissible("success", text),
      failed: (title, failure) => {
        const said = failureOf(failure);
        dismissible("error", title, `${said.code}: ${said.message}`);
      },
    };
  }, [dismiss]);
  return [notices, control];
}
