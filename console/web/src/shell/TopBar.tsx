import TopNavigation, { type TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import { lazy, Suspense, useState } from "react";
import { useNavigate } from "react-router";
import { REGIONS } from "../aws/regions.ts";
import { nameOf, useSession } from "../session/session.ts";
import { shell } from "../text/shell.ts";
import { type Appearance, chooseAppearance, chosenAppearance } from "./appearance.ts";
import { SERVICES } from "./services.ts";

const SwitchRole = lazy(() => import("../session/SwitchRole.tsx"));

/** The bar on top: services, appearance, region, and who is signed in. */
export function TopBar() {
  const navigate = useNavigate();
  const { session, others, replace, choose, add, end } = useSession();
  const [appearance, setAppearance] = useState(chosenAppearance);
  const [switching, setSwitching] = useState(false);

  const utilities: TopNavigationProps.Utility[] = [
    {
      type: "menu-dropdown",
      text: shell.allServices,
      ariaLabel: shell.allServices,
      items: families(),
      onItemClick: (event) => {
        const service = SERVICES.find((candidate) => candidate.id === event.detail.id);
        if (service !== undefined) {
          navigate(service.path);
        }
      },
    },
    {
      type: "menu-dropdown",
      iconName: "settings",
      ariaLabel: shell.theme.label,
      title: shell.theme.label,
      items: (["light", "dark", "system"] as Appearance[]).map((id) => ({
        itemType: "checkbox",
        id,
        text: shell.theme[id],
        checked: id === appearance,
      })),
      onItemClick: (event) => {
        const chosen = event.detail.id as Appearance;
        chooseAppearance(chosen);
        setAppearance(chosen);
      },
    },
    {
      type: "menu-dropdown",
      text: session.region,
      ariaLabel: `${shell.region}: ${session.region}`,
      title: shell.region,
      items: regions(session.region),
      onItemClick: (event) => replace({ ...session, region: event.detail.id }),
    },
    {
      type: "menu-dropdown",
      iconName: "user-profile",
      text: nameOf(session.arn),
      description: shell.account(session.account),
      items: [
        { id: "switch", text: shell.switchRole },
        ...(session.before === undefined ? [] : [{ id: "back", text: shell.switchBack }]),
        ...(others.length === 0
          ? []
          : [
              {
                id: "others",
                text: shell.otherSessions,
                items: others.map(({ arn, account }, at) => ({ id: String(at), text: shell.sessionOf(nameOf(arn), account) })),
              },
            ]),
        { id: "add", text: shell.addSession },
        { id: "out", text: shell.signOut },
      ],
      onItemClick: ({ detail: { id } }) => {
        const other = others[Number(id)];
        switch (id) {
          case "switch":
            return setSwitching(true);
          case "back":
            return session.before && replace(session.before);
          case "add":
            return add();
          case "out":
            return end();
          default:
            return other && choose(other);
        }
      },
    },
  ];

  return (
    <>
      <TopNavigation
        identity={{
          href: "/console/",
          title: shell.product,
          onFollow: (event) => {
            event.preventDefault();
            navigate("/");
          },
        }}
        utilities={utilities}
        i18nStrings={{ overflowMenuTriggerText: shell.moreMenu, overflowMenuTitleText: shell.moreMenu }}
      />
      {switching && (
        <Suspense>
          <SwitchRole onDismiss={() => setSwitching(false)} />
        </Suspense>
      )}
    </>
  );
}

function families(): TopNavigationProps.MenuDropdownUtility["items"] {
  const names = [...new Set(SERVICES.map((service) => service.family))];
  return names.map((family) => ({
    id: family,
    text: family,
    items: SERVICES.filter((service) => service.family === family).map(({ id, name }) => ({ id, text: name })),
  }));
}

function regions(current: string): TopNavigationProps.MenuDropdownUtility["items"] {
  const known = Object.entries(REGIONS);
  const all = current in REGIONS ? known : [[current, current] as const, ...known];
  return all.map(([id, name]) => ({
    itemType: "checkbox" as const,
    id,
    text: name,
    description: id,
    checked: id === current,
  }));
}
